/** Says that this worker is alive, and forgets those that have long been silent. */
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import type { Worker } from './worker.js';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
const FORGET_AFTER_MS = 24 * 3_600_000;

export async function beat(worker: Worker, startedAt: Date): Promise<void> {
  const now = new Date();
  await worker.database.worker.upsert({
    where: { id: worker.id },
    create: { id: worker.id, version, hostName: hostname(), startedAt, lastSeenAt: now },
    update: { lastSeenAt: now },
  });
  await worker.database.worker.deleteMany({
    where: { lastSeenAt: { lt: new Date(now.getTime() - FORGET_AFTER_MS) } },
  });
}

/** A worker that has ended in order is not missed. */
export async function sayGoodbye(worker: Worker): Promise<void> {
  await worker.database.worker.deleteMany({ where: { id: worker.id } });
}
