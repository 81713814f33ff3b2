import type { Tx } from '@waybill/db/transaction.js';

/** The clock of the database: the one that all processes share. What falls due is reckoned by it. */
export async function databaseNow(tx: Tx): Promise<Date> {
  const [row] = await tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  if (row === undefined) throw new Error('The database did not tell the time.');
  return row.now;
}

/** The instant so many milliseconds from now, or before now where negative. */
export async function databaseIn(tx: Tx, ms: number): Promise<Date> {
  return new Date((await databaseNow(tx)).getTime() + ms);
}
