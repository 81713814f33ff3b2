/**
 * What a run does first: finds out what became of the files that an earlier try left in the middle, removes
 * what lies at the target under temporary names, and does the after-actions that are still owed.
 */
import type { RunFailure } from '@waybill/domain/transfers/finish-transfer.js';
import { type EndedAttempt, recordAttempts } from '@waybill/domain/transfers/record-attempts.js';
import {
  type OpenFile,
  findOpenFiles,
  settleFiles,
  sumDeliveredBytes,
} from '@waybill/domain/transfers/settle-files.js';
import { compareDelivered } from '@waybill/transports/compare-delivered.js';
import type { Transport } from '@waybill/transports/transport.js';
import { doAfterActions } from './do-after-actions.js';
import type { Run } from './run.js';
import { transact } from './worker.js';

/**
 * @returns the first failure of an after-action
 * @throws TransportError where the target cannot be looked at now
 */
export async function finishEarlierTries(run: Run): Promise<RunFailure | null> {
  const { worker, claim } = run;
  const open = await findOpenFiles(worker.database, claim);
  const unsettled = open.filter((file): file is Unsettled => file.temporaryPath !== null);
  const owed = open.filter((file) => file.state === 'delivered');
  if (unsettled.length > 0) {
    const target = await run.sessions.open('target');
    for (const file of unsettled)
      if (await settle(run, target, file)) owed.push({ ...file, state: 'delivered' });
  }
  return owed.length === 0 ? null : doAfterActions(run, owed);
}

type Unsettled = OpenFile & { temporaryPath: string };

/**
 * A file whose bytes were never verified under the temporary name cannot have its final name: that name was not
 * asked for. One that was verified is compared with what is there.
 * @returns whether it has arrived
 */
async function settle(run: Run, target: Transport, file: Unsettled): Promise<boolean> {
  const { worker, claim, watch } = run;
  const started = performance.now();
  const found =
    file.state === 'planned' || file.sha256 === null
      ? 'partial_temporary'
      : await compareDelivered({ ...file, target, sizeBytes: file.movedBytes, signal: watch.signal });
  if (found === 'partial_temporary') {
    await target.remove(file.temporaryPath);
    await transact(worker, (tx) => settleFiles(tx, claim.lease, [file.id]));
    return false;
  }
  // The same file was there before, and the rename never happened: then ours is still under its temporary name.
  if (found === 'delivered') await target.remove(file.temporaryPath);
  const durationMs = performance.now() - started;
  const common = { ...run.sessions.drain(), file, startedAt: new Date(Date.now() - durationMs), durationMs };
  const attempt: EndedAttempt =
    found === 'delivered'
      ? {
          ...common,
          outcome: 'delivered',
          fileState: 'delivered',
          temporaryPath: null,
          bytes: file.movedBytes,
          sha256: file.sha256,
          verification: 'compared',
          failure: null,
          recovered: true,
        }
      : {
          ...common,
          outcome: 'uncertain',
          fileState: 'uncertain',
          temporaryPath: null,
          bytes: 0,
          sha256: file.sha256,
          verification: null,
          failure: { kind: 'worker_lost', text: WHY_UNCERTAIN[found], step: 'verify' },
          recovered: false,
        };
  const before = await sumDeliveredBytes(worker.database, claim.lease.transferId);
  const movedBytes = before + attempt.bytes;
  await transact(worker, (tx) =>
    recordAttempts(tx, worker.actor, { claim, attempts: [attempt], movedBytes }),
  );
  return attempt.outcome === 'delivered';
}

const WHY_UNCERTAIN = {
  not_there:
    'All bytes had arrived under the temporary name when the worker was lost; now neither that name nor the final one is there. Somebody may have taken the file already: ask the partner before you send it again.',
  different:
    'All bytes had arrived under the temporary name when the worker was lost; now that name is gone and the final one holds another file. Ask the partner before you send it again.',
  cannot_tell:
    'All bytes had arrived under the temporary name when the worker was lost, and the target does not let us see what is there now. Ask the partner before you send it again.',
} as const;
