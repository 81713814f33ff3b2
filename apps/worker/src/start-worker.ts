/** Puts a worker together from its configuration and starts its duties; `main.ts` and the tests run what comes back. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { openDatabase } from '@waybill/db/client.js';
import { systemActor } from '@waybill/domain/actor.js';
import { type Jobs, openJobs } from '@waybill/jobs/jobs.js';
import { openWith } from '@waybill/vault/open.js';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { crashAt } from './crash-at.js';
import { every } from './every.js';
import { beat, sayGoodbye } from './heartbeat.js';
import { keepPartitions } from './keep-partitions.js';
import { runTransfer } from './run-transfer.js';
import { sendEmailBy } from './send-email.js';
import { sweepOnce } from './sweep.js';
import { tickSchedules } from './tick-schedules.js';
import { tryEndpoint } from './try-endpoint.js';
import type { Worker } from './worker.js';

const HEARTBEAT_MS = 5_000;
const TICK_MS = 1_000;
const DAY_MS = 24 * 3_600_000;
/** Connections beside those of the transfers in hand: duties, endpoint tests, messages. */
const SPARE_CONNECTIONS = 6;

export interface RunningWorker {
  id: string;
  queue: Jobs['backend'];
  /** Interrupts what is in hand, puts it back and closes everything. */
  stop(): Promise<void>;
}

export async function startWorker(config: Config, log: Logger): Promise<RunningWorker> {
  const id = `${hostname().slice(0, 60)}-${process.pid}-${randomBytes(3).toString('hex')}`;
  const stopping = new AbortController();
  const startedAt = new Date();
  const worker: Worker = {
    id,
    actor: systemActor(`worker ${id}`),
    config,
    database: openDatabase(config.databaseUrl, {
      applicationName: 'waybill worker',
      poolSize: config.concurrency * 2 + SPARE_CONNECTIONS,
    }),
    jobs: openJobs(
      { databaseUrl: config.databaseUrl, redisUrl: config.redisUrl ?? undefined },
      { onError: (err, queue) => log.warn({ err, queue }, 'a job or its queue failed') },
    ),
    log,
    openSecret: await openWith(config.vaultPrivateKey),
    crashAt: crashAt(config.crashAt),
    stopping: stopping.signal,
  };

  const { jobs } = worker;
  const { concurrency } = config;
  const working = [
    jobs.work('transfer', (transferId) => runTransfer(worker, transferId), { concurrency }),
    jobs.work('endpoint-test', (testId) => tryEndpoint(worker, testId)),
  ];
  if (config.mail !== null) {
    const sendEmail = sendEmailBy(config.mail);
    working.push(jobs.work('notification', (notificationId) => sendEmail(worker, notificationId)));
  }
  const duties = [
    every(worker, HEARTBEAT_MS, { name: 'heartbeat', do: () => beat(worker, startedAt) }),
    every(worker, TICK_MS, { name: 'schedules', do: () => tickSchedules(worker) }),
    every(worker, config.sweepMs, { name: 'sweep', do: () => sweepOnce(worker) }),
    every(worker, DAY_MS, { name: 'audit partitions', do: () => keepPartitions(worker) }),
  ];

  return {
    id,
    queue: jobs.backend,
    async stop() {
      stopping.abort();
      await Promise.all([...duties, ...working.map((one) => one.close())]);
      await sayGoodbye(worker);
      await jobs.close();
      await worker.database.$disconnect();
    },
  };
}
