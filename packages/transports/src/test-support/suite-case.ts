/** A case of the suite that every transport passes, and what it works with. */
import type { Transport } from '../transport.js';
import { quiet } from './open-for-test.js';

export interface SuiteFixture {
  /** A new session on the same place. The signal ends it. */
  open(signal: AbortSignal): Promise<Transport>;
}

export interface SuiteCase {
  title: string;
  run(fixture: SuiteFixture): Promise<void>;
}

/** What ends within this is "at once" for somebody who pressed cancel. */
export const CANCEL_WITHIN_MS = 2000;

/** Runs the work with an open session, which is closed whatever happens. */
export async function withSession(
  fixture: SuiteFixture,
  work: (transport: Transport) => Promise<void>,
): Promise<void> {
  const transport = await fixture.open(quiet);
  try {
    await work(transport);
  } finally {
    await transport.close();
  }
}
