/** A database with transfers in it, and what a person and a worker do with them. */
import { DEFAULT_FTPS_SETTINGS } from '@waybill/contracts/ftps-settings.js';
import { expect } from '@jest/globals';
import type { Tx } from '@waybill/db/transaction.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { aRoute, anActor } from '@waybill/testing/builders.js';
import { testDatabase } from '@waybill/testing/database.js';
import { systemActor } from '../actor.js';
import { newId } from '../new-id.js';
import { cancelTransfer } from '../transfers/cancel-transfer.js';
import type { Claim } from '../transfers/claim.js';
import { claimTransfer } from '../transfers/claim-transfer.js';
import { finishTry } from '../transfers/finish-transfer.js';
import { planFiles } from '../transfers/plan-files.js';
import { type EndedAttempt, beginFiles, recordAttempts } from '../transfers/record-attempts.js';
import { temporaryPathOf } from '../transfers/temporary-name.js';
import { recordPlan } from '../transfers/record-plan.js';
import { findOpenFiles } from '../transfers/settle-files.js';
import { startTransfer } from '../transfers/start-transfer.js';
import { eventsIn } from './events-in.js';

export async function openTransfers() {
  const database = await testDatabase();
  const person = anActor();
  const worker = systemActor('worker test');
  const asApp = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(database.app, work);
  const asWorker = <Result>(work: (tx: Tx) => Promise<Result>) => inTransaction(database.worker, work);
  const read = (id: string) =>
    database.app.transfer.findUniqueOrThrow({ where: { id }, include: { files: true } });

  async function aTransfer(routeId?: string): Promise<string> {
    const id = routeId ?? (await aRoute(database.app)).id;
    const { transferId } = await asApp((tx) => startTransfer(tx, person, { cause: 'manual', routeId: id }));
    return transferId;
  }

  const claim = (transferId: string, workerId = 'w1', leaseMs = 60_000) =>
    asWorker((tx) => claimTransfer(tx, worker, { transferId, workerId, leaseMs }));

  async function aRun(names: string[] = ['a', 'b']): Promise<Claim> {
    const claimed = await claim(await aTransfer());
    if (claimed === null) throw new Error('not claimed');
    const entries = names.map((name) => ({
      name,
      path: `/out/${name}`,
      kind: 'file' as const,
      sizeBytes: 5,
      modifiedAt: null,
    }));
    const files = planFiles({ entries, refused: [] }, claimed.snapshot);
    await asWorker((tx) => recordPlan(tx, worker, { claim: claimed, files }));
    return claimed;
  }

  async function begin(run: Claim) {
    const files = (await findOpenFiles(database.worker, run)).map((file) => ({
      ...file,
      temporaryPath: temporaryPathOf(file, run.lease.tryNumber + file.attemptCount, DEFAULT_FTPS_SETTINGS),
    }));
    await asWorker((tx) => beginFiles(tx, run.lease, files));
    return files;
  }

  function ended(file: EndedAttempt['file'], change: Partial<EndedAttempt> = {}): EndedAttempt {
    return {
      id: newId(),
      file,
      outcome: 'delivered',
      fileState: 'delivered',
      temporaryPath: null,
      bytes: 5,
      sha256: 'a'.repeat(64),
      verification: 'size',
      verificationAlgorithm: null,
      partial: null,
      resumedFromBytes: null,
      confirmationLost: false,
      failure: null,
      recovered: false,
      startedAt: new Date(),
      durationMs: 3,
      timeline: [],
      connections: [],
      dialogue: [],
      ...change,
    };
  }

  const finish = (run: Claim, failure: Parameters<typeof finishTry>[2]['failure'] = null) =>
    asWorker((tx) => finishTry(tx, worker, { claim: run, failure, mail: null }));

  /** Waits for its next try with something left at the target, and is to be cancelled. */
  async function aCancelledOne() {
    const run = await aRun(['a']);
    const [file] = await begin(run);
    const failure = { kind: 'connection_lost', text: 'Lost.', step: 'transfer' } as const;
    const temporaryPath = '/in/.waybill-x';
    const attempts = [ended(file!, { outcome: 'failed', fileState: 'planned', failure, temporaryPath })];
    await asWorker((tx) => recordAttempts(tx, worker, { claim: run, attempts, movedBytes: 0 }));
    await finish(run, { ...failure, endpointId: null });
    const id = run.lease.transferId;
    expect(await asApp((tx) => cancelTransfer(tx, person, { id }))).toEqual({ ring: true });
    return { id, endpointId: run.snapshot.targetEndpointId };
  }

  return {
    database,
    person,
    worker,
    asApp,
    asWorker,
    read,
    ...eventsIn(database),
    aTransfer,
    claim,
    aRun,
    begin,
    ended,
    finish,
    aCancelledOne,
  };
}
