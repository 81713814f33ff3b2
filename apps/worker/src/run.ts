/** One run of one transfer, as the steps of `runTransfer` hand it on. */
import type { TimelineStep } from '@waybill/contracts/session-facts.js';
import type { Claim } from '@waybill/domain/transfers/claim.js';
import type { DeliveredNames } from '@waybill/domain/transfers/delivered-names.js';
import type { VerifiedFile } from '@waybill/domain/transfers/record-attempts.js';
import type { Sessions } from './sessions.js';
import type { RunWatch } from './watch-run.js';
import type { Worker } from './worker.js';

export interface Run {
  worker: Worker;
  claim: Claim;
  watch: RunWatch;
  sessions: Sessions;
  /** Resolves when it is committed; files that are verified at about the same time share a commit. */
  recordVerified: (verified: VerifiedFile) => Promise<void>;
  /** The step that found the files, for every attempt to keep; null until there is a plan. */
  listing: TimelineStep | null;
  /** What was done about what earlier tries have left of a file, by its id, for its attempt to keep. */
  cleanups: Map<string, TimelineStep[]>;
  /** Under which names files have arrived, as far as that counts: no later one replaces them. */
  deliveredNames: DeliveredNames;
  /** What an earlier try has left of a file and could not be removed, by its id, for a later run to remove. */
  left: Map<string, string>;
}
