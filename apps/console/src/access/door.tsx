import { useEffect, type ReactNode } from 'react';
import { Wordmark } from '../ui/logo.js';
import classes from './door.module.css';

/** The frame of the pages before the sign-in; without a title that of one which is still being opened. */
export function Door({ title, lead, children }: { title?: string; lead?: ReactNode; children?: ReactNode }) {
  useEffect(() => {
    if (title !== undefined) document.title = `${title} · Waybill`;
  }, [title]);
  return (
    <main className={classes.door} aria-busy={title === undefined}>
      <div className={classes.box}>
        <Wordmark size={28} />
        {title !== undefined && <h1 className={classes.title}>{title}</h1>}
        {lead !== undefined && <p className={classes.lead}>{lead}</p>}
        {children}
      </div>
    </main>
  );
}
