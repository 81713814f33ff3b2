import { formatDuration } from '../format.js';
import { Shape, type Tone } from './mark.js';
import classes from './timeline.module.css';

export interface TimelineRow {
  key: string;
  label: string;
  side: string | null;
  /** From the start of the whole, in ms. */
  startMs: number;
  durationMs: number;
  outcome: 'ok' | 'failed' | 'stopped' | 'running';
  detail: string | null;
}

const LOOK = {
  ok: { shape: 'check', tone: 'ok', word: 'Done' },
  failed: { shape: 'cross', tone: 'bad', word: 'Failed' },
  stopped: { shape: 'slash', tone: 'mute', word: 'Stopped' },
  running: { shape: 'half', tone: 'accent', word: 'Running' },
} as const satisfies Record<string, { shape: string; tone: Tone; word: string }>;

/** Steps in their order, each with a bar from where it began to where it ended. */
export function Timeline({ rows, label }: { rows: TimelineRow[]; label: string }) {
  const totalMs = Math.max(1, ...rows.map(({ startMs, durationMs }) => startMs + durationMs));
  return (
    <ol className={classes.timeline} aria-label={label}>
      {rows.map(({ key, label: name, side, startMs, durationMs, outcome, detail }) => {
        const look = LOOK[outcome];
        return (
          <li key={key} className={classes.step} data-outcome={outcome}>
            <span className={classes.mark}>
              <Shape shape={look.shape} tone={look.tone} />
              <span className="only-read">{look.word}: </span>
            </span>
            <span className={classes.name}>
              {name}
              {side !== null && <span className={classes.side}>{side}</span>}
            </span>
            <span className={classes.lane} aria-hidden="true">
              <span
                className={classes.bar}
                data-outcome={outcome}
                style={{
                  left: `${(startMs / totalMs) * 100}%`,
                  width: `${Math.max(0.6, (durationMs / totalMs) * 100)}%`,
                }}
              />
            </span>
            <span className={classes.time}>{outcome === 'running' ? '…' : formatDuration(durationMs)}</span>
            {detail !== null && <span className={classes.detail}>{detail}</span>}
          </li>
        );
      })}
    </ol>
  );
}
