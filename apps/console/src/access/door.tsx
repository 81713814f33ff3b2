import { useEffect, type ReactNode } from 'react';
import { Wordmark } from '../ui/logo.js';
import classes from './door.module.css';

/** The frame of the pages before the sign-in. */
export function Door({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Waybill`;
  }, [title]);
  return (
    <main className={classes.door}>
      <div className={classes.box}>
        <Wordmark size={28} />
        <h1 className={classes.title}>{title}</h1>
        {lead !== undefined && <p className={classes.lead}>{lead}</p>}
        {children}
      </div>
    </main>
  );
}
