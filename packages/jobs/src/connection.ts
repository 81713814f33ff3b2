/**
 * The one file that knows where the queues live: in Postgres (schema `bullmq`) or in Redis. Connections are
 * counted on purpose, because BullMQ's defaults (a pool of ten for each queue and worker) exhaust a server:
 * on Postgres a process holds at most 3 for all its queues, and 3 more for each queue that it works on.
 */
import {
  createPostgresBackend,
  Queue,
  runMigrations,
  withBackend,
  Worker,
  type JobsOptions,
  type JobType,
  type WorkerOptions,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';

/** Redis where it is configured, else the database itself. */
export interface JobsStore {
  /** URL of the role that runs; its rights come from `prepareJobs`. */
  databaseUrl: string;
  redisUrl?: string | undefined;
}

/** What a job carries: the id of a row. */
export interface Ring {
  id: string;
}

export type WorkerSettings = Pick<WorkerOptions, 'concurrency' | 'lockDuration' | 'stalledInterval'>;

/** A queue of BullMQ, as far as it is used here. */
export interface StoreQueue {
  add(name: string, ring: Ring, options: JobsOptions): Promise<unknown>;
  getJobCounts(...types: JobType[]): Promise<Record<string, number>>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(): Promise<void>;
}

/** A worker of BullMQ, as far as it is used here. */
export interface StoreWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: unknown, error: Error) => void): unknown;
  close(): Promise<void>;
}

/** How jobs.ts reaches the store. */
export interface StoreConnection {
  backend: 'postgres' | 'redis';
  openQueue(name: string): StoreQueue;
  openWorker(name: string, handle: (ring: Ring) => Promise<void>, settings: WorkerSettings): StoreWorker;
  ping(): Promise<void>;
  close(): Promise<void>;
}

const SCHEMA = 'bullmq';
const QUEUE_POOL_SIZE = 3;
/** One of them listens. */
const WORKER_POOL_SIZE = 3;
/**
 * A worker looks for jobs at least this often, whatever it hears. After the database was away, BullMQ 6.7 would wait for
 * up to an hour for a message that a connection which broke just then never gives it.
 */
const MOST_WAIT_S = 5;

/** Connects lazily: the first ring, worker or ping opens the first connection. */
export function connectStore(store: JobsStore, onError: (error: Error) => void): StoreConnection {
  return store.redisUrl ? connectRedis(store.redisUrl, onError) : connectPostgres(store.databaseUrl, onError);
}

/**
 * A connection that is lost while BullMQ holds it between two statements, or has only just got it, has nobody who
 * listens, and would end the process. The next statement on it fails, and that is told.
 */
class CalmClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

function connectPostgres(databaseUrl: string, onError: (error: Error) => void): StoreConnection {
  const config = {
    connectionString: databaseUrl,
    application_name: 'waybill jobs',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    Client: CalmClient,
    allowExitOnIdle: true,
    options: `-c search_path=${SCHEMA}`,
  };
  const pool = new pg.Pool({ ...config, max: QUEUE_POOL_SIZE });
  pool.on('error', onError);
  const workerPools: pg.Pool[] = [];
  const postgres = withBackend(createPostgresBackend);
  class ImpatientWorker extends postgres.Worker<Ring> {
    override get maximumBlockTimeout(): number {
      return MOST_WAIT_S;
    }
  }
  return {
    backend: 'postgres',
    openQueue: (name) => new postgres.Queue<Ring>(name, { connection: pool }),
    openWorker(name, handle, settings) {
      // Not as settings: of these BullMQ would make the connection that listens by itself, and not a calm one.
      const connection = new pg.Pool({ ...config, max: WORKER_POOL_SIZE });
      workerPools.push(connection);
      return new ImpatientWorker(name, (job) => handle(job.data), { ...settings, connection });
    },
    async ping() {
      await pool.query('SELECT 1');
    },
    async close() {
      await Promise.all([pool, ...workerPools].map((one) => one.end()));
    },
  };
}

function connectRedis(redisUrl: string, onError: (error: Error) => void): StoreConnection {
  // The queues share one connection; a command that Redis does not take after three tries is an error.
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 3, lazyConnect: true, disconnectTimeout: 200 });
  redis.on('error', onError);
  return {
    backend: 'redis',
    openQueue: (name) => new Queue<Ring>(name, { connection: redis, streams: { events: { maxLen: 1000 } } }),
    openWorker(name, handle, settings) {
      // A worker waits for jobs with a command that blocks, so it must not give up.
      const connection = { url: redisUrl, maxRetriesPerRequest: null };
      return new Worker<Ring>(name, (job) => handle(job.data), { ...settings, connection });
    },
    async ping() {
      await redis.ping();
    },
    async close() {
      redis.disconnect();
    },
  };
}

/**
 * Makes the queue's tables as the owner of the database and lets the roles that run use them. Not needed, and
 * harmless, where the queues are in Redis.
 * @param roles names of the roles that ring or work; none where everything runs as the owner
 */
export async function prepareJobs(ownerUrl: string, roles: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'waybill migrate' });
  await client.connect();
  try {
    await runMigrations(client, SCHEMA);
    for (const role of roles.map((name) => client.escapeIdentifier(name))) {
      await client.query(
        `GRANT USAGE ON SCHEMA ${SCHEMA} TO ${role};
         GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${SCHEMA} TO ${role};
         GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${SCHEMA} TO ${role};`,
      );
    }
  } finally {
    await client.end();
  }
}
