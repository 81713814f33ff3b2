import { countOf, formatClock, formatUtc } from '../format.js';
import { Copy } from './copy.js';
import classes from './dialogue.module.css';

export interface DialogueRow {
  at: string;
  from: 'us' | 'server';
  text: string;
}

/** What was said on the wire, line by line: `→` is ours, `←` is the server's. */
export function Dialogue({ rows, label }: { rows: DialogueRow[]; label: string }) {
  const all = rows.map(({ at, from, text }) => `${at} ${from === 'us' ? '>' : '<'} ${text}`).join('\n');
  return (
    <div className={classes.frame}>
      <div className={classes.head}>
        <span>
          {countOf(rows.length, 'line')}. <span aria-hidden="true">→</span> Waybill,{' '}
          <span aria-hidden="true">←</span> server. Passwords are never kept.
        </span>
        <Copy text={all} label="Copy the dialogue" />
      </div>
      <div className={classes.lines} tabIndex={0} role="log" aria-label={label} aria-live="off">
        {rows.map(({ at, from, text }, index) => (
          <div key={index} className={classes.line} data-from={from}>
            <time dateTime={at} data-hint={formatUtc(at)} className={classes.at}>
              {formatClock(at)}
            </time>
            <span className={classes.from}>
              <span aria-hidden="true">{from === 'us' ? '→' : '←'}</span>
              <span className="only-read">{from === 'us' ? 'Waybill:' : 'Server:'}</span>
            </span>
            <span className={classes.text}>{text}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
