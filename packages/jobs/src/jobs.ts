/**
 * The doorbell. A job carries one id and says "look at this row"; the row in Postgres is the letter. Whatever
 * is lost here (the whole store included) is rung again by the sweeper, so nothing of value lives in a queue:
 * one attempt for each ring, and nothing is kept afterwards.
 */
import { randomUUID } from 'node:crypto';
import { connectStore, type JobsStore, type StoreQueue, type StoreWorker } from './connection.js';
import { within } from './within.js';

/** Every queue there is, by whose id it carries: the worker runs, tries or sends what the row says. */
export const QUEUE_NAMES = ['transfer', 'endpoint-test', 'notification'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

const STORE = "The queue's store";

/** Called with the id that was rung. What it throws goes to `onError`; the ring is over all the same. */
export type JobHandler = (id: string) => Promise<void>;

export interface WorkOptions {
  /** Jobs at a time; two unless given. */
  concurrency?: number;
  /** A worker that is silent for this long is taken for lost, and another one gets its jobs. */
  lockMs?: number;
}

export interface JobWorker {
  /** Takes no more jobs and resolves when those in hand have ended. */
  close(): Promise<void>;
}

export interface QueueDepth {
  waiting: number;
  active: number;
}

export interface JobsOptions {
  /** Hears what no caller can: connections that break (queue null: the shared one), handlers that throw. */
  onError: (error: Error, queue: QueueName | null) => void;
  /** A ring that the store has not taken after this long is given up with an error. */
  ringTimeoutMs?: number;
}

export interface Jobs {
  /** Which store is in use. */
  backend: 'postgres' | 'redis';
  /** Rings for one row, after the transaction that wrote it has been committed. */
  ring(queue: QueueName, id: string): Promise<void>;
  /** Starts to work on a queue in this process. */
  work(queue: QueueName, handler: JobHandler, options?: WorkOptions): JobWorker;
  depth(queue: QueueName): Promise<QueueDepth>;
  /** Resolves when the store answers. */
  ping(): Promise<void>;
  /** Closes the workers that are still open, then the connections. */
  close(): Promise<void>;
}

/** Opens the queues on Redis when its URL is given, on Postgres otherwise. */
export function openJobs(store: JobsStore, options: JobsOptions): Jobs {
  const { onError, ringTimeoutMs = 5_000 } = options;
  const connection = connectStore(store, (error) => onError(error, null));
  const queues = new Map<QueueName, StoreQueue>();
  const workers = new Set<StoreWorker>();

  const queueOf = (name: QueueName): StoreQueue => {
    const open = queues.get(name);
    if (open) return open;
    const queue = connection.openQueue(name);
    queue.on('error', (error) => onError(error, name));
    queues.set(name, queue);
    return queue;
  };

  return {
    backend: connection.backend,
    async ring(name, id) {
      // A fresh job id for each ring: an id that the store still holds would swallow the second ring, and
      // ids of its own would need the right to create sequences. The row's claim removes duplicates.
      const job = { jobId: randomUUID(), attempts: 1, removeOnComplete: true, removeOnFail: true };
      await within(ringTimeoutMs, STORE, queueOf(name).add('ring', { id }, job));
    },
    work(name, handler, { concurrency = 2, lockMs = 30_000 } = {}) {
      const worker = connection.openWorker(name, (ring) => handler(ring.id), {
        concurrency,
        lockDuration: lockMs,
        stalledInterval: lockMs,
      });
      worker.on('error', (error) => onError(error, name));
      worker.on('failed', (_job, error) => onError(error, name));
      workers.add(worker);
      return {
        async close() {
          workers.delete(worker);
          await worker.close();
        },
      };
    },
    async depth(name) {
      const counts = await within(ringTimeoutMs, STORE, queueOf(name).getJobCounts('waiting', 'active'));
      return { waiting: counts.waiting ?? 0, active: counts.active ?? 0 };
    },
    ping: () => within(ringTimeoutMs, STORE, connection.ping()),
    async close() {
      await Promise.all([...workers].map((worker) => worker.close()));
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await connection.close();
    },
  };
}
