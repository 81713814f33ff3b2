/** One run of one transfer, as the steps of `runTransfer` hand it on. */
import type { Claim } from '@waybill/domain/transfers/claim.js';
import type { Sessions } from './sessions.js';
import type { RunWatch } from './watch-run.js';
import type { Worker } from './worker.js';

export interface Run {
  worker: Worker;
  claim: Claim;
  watch: RunWatch;
  sessions: Sessions;
}
