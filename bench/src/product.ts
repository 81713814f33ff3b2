/** The whole product for a measurement: database, queue, worker, and both ends of a route. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import type { Route } from '@waybill/contracts/routes.js';
import type { TimelineStep } from '@waybill/contracts/session-facts.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { createNetworkAllow } from '@waybill/domain/network/network-allows.js';
import { startTransfer } from '@waybill/domain/transfers/start-transfer.js';
import { importCertificate } from '@waybill/domain/trust/certificates.js';
import { openJobs } from '@waybill/jobs/jobs.js';
import {
  TEST_ROOT,
  aLocalFolder,
  aRoute,
  anActor,
  anEndpoint,
  testVaultKeys,
} from '@waybill/testing/builders.js';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startBenchDatabase } from './bench-database.js';
import { readCpuSeconds, readPeakMemoryMb } from './process-usage.js';
import type { Direction, Run } from './run.js';
import { type StepsMs, sumSteps } from './sum-steps.js';
import { type WorkerProcess, startWorkerProcess } from './worker-process.js';

/** The times are the database's own, so nothing is lost by asking seldom; asking often would cost the worker some of them. */
const POLL_MS = 250;
const START_MS = 15_000;

/** One transfer: `durationMs` is from the row's creation to its end, as the database has both. */
export interface ProductRun extends Run {
  deliveredCount: number;
  movedBytes: number;
  /** Sum of the attempts' own durations. */
  attemptsMs: number;
  /** Sum of each step that the worker has timed, of both sides and all sessions. */
  stepsMs: StepsMs;
}

/** How the endpoint is set: as it is by default, with an older TLS, or so that sizes are compared and no hashes. */
export type Way = 'usual' | 'tls12' | 'sizeOnly';

export interface Product {
  postgresVersion: string;
  /** Paths are below the local root and the server's folder, as in `/in`. */
  route(direction: Direction, sourcePath: string, targetPath: string, way?: Way): Promise<Route>;
  /** Ends the worker that runs, if any, and starts a fresh one, with so many sessions for a transfer. */
  startWorker(sessions?: number): Promise<void>;
  /**
   * Starts a transfer as a person would and waits for its end.
   * @throws Error where it does not succeed, or not in time
   */
  transfer(route: Route): Promise<ProductRun>;
  stop(): Promise<void>;
}

export interface ProductSettings {
  /** For the database and the logs. */
  folder: string;
  /** The folder that local endpoints are below. */
  filesFolder: string;
  server: FtpTestServer;
  /** Where it is reached. */
  host: string;
  /** After which a transfer is given up. */
  timeoutMs: number;
  signal: AbortSignal;
  profileFolder: string | null;
}

export async function startProduct(settings: ProductSettings): Promise<Product> {
  const { folder, filesFolder, server, host, signal, profileFolder } = settings;
  const database = await startBenchDatabase(folder);
  const faults: Error[] = [];
  const jobs = openJobs({ databaseUrl: database.appUrl }, { onError: (error) => faults.push(error) });
  const ends = await createEnds(database.app, { ...server, host });
  const environment = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    DATABASE_URL: database.workerUrl,
    WAYBILL_VAULT_PRIVATE_KEY: (await testVaultKeys()).privateKey,
    WAYBILL_LOCAL_ROOTS: `${TEST_ROOT}=${filesFolder}`,
  };
  let worker: WorkerProcess | null = null;
  const waitFor = async (what: string, timeoutMs: number, isThere: () => Promise<boolean>): Promise<void> => {
    for (const deadline = Date.now() + timeoutMs; !(await isThere()); await sleep(POLL_MS)) {
      signal.throwIfAborted();
      await worker?.requireRunning();
      if (faults[0] !== undefined) throw faults[0];
      if (Date.now() > deadline)
        throw new Error(`${what} took more than ${timeoutMs / 1000} s. ${await worker?.readLog()}`);
    }
  };

  return {
    postgresVersion: database.version,

    route(direction, sourcePath, targetPath, way = 'usual') {
      const theirs = ends.theirs[way];
      return aRoute(database.app, {
        sourceEndpointId: direction === 'upload' ? ends.ours : theirs,
        sourcePath,
        targetEndpointId: direction === 'upload' ? theirs : ends.ours,
        targetPath,
      });
    },

    async startWorker(sessions) {
      await worker?.stop();
      const logFile = join(folder, 'worker.log');
      const started = (worker = await startWorkerProcess({
        environment: {
          ...environment,
          ...(sessions !== undefined && { WAYBILL_SESSIONS_PER_TRANSFER: String(sessions) }),
        },
        logFile,
        profileFolder,
      }));
      const where = { startedAt: { gte: started.startedAt } };
      await waitFor(
        'Starting the worker',
        START_MS,
        async () => (await database.app.worker.count({ where })) > 0,
      );
    },

    async transfer(route) {
      if (worker === null) throw new Error('There is no worker: start one first.');
      const cpuBefore = readCpuSeconds(worker.pid);
      const { transferId } = await inTransaction(database.app, (tx) =>
        startTransfer(tx, anActor(), { cause: 'manual', routeId: route.id }),
      );
      await jobs.ring('transfer', transferId);
      await waitFor('The transfer', settings.timeoutMs, () => isOver(database.app, transferId));
      const cpuSeconds = readCpuSeconds(worker.pid) - cpuBefore;
      const peakMemoryMb = readPeakMemoryMb(worker.pid);
      const { state, failureText, ...run } = await readTransfer(database.app, transferId);
      if (state !== 'succeeded')
        throw new Error(`The transfer is ${state}: ${failureText}\n${await worker.readLog()}`);
      return { cpuSeconds, peakMemoryMb, ...run };
    },

    async stop() {
      await worker?.stop();
      await jobs.close();
      await database.stop();
    },
  };
}

/** @returns the ids of a folder of ours and of the server, which may be reached although it is on loopback */
async function createEnds(
  database: Database,
  server: Omit<FtpTestServer, 'host'> & { host: string },
): Promise<{ ours: string; theirs: Record<Way, string> }> {
  const ca = await inTransaction(database, async (tx) => {
    const administrator = anActor('administrator');
    await createNetworkAllow(tx, administrator, { cidr: '127.0.0.0/8', fromPort: 1, toPort: 65_535 });
    return importCertificate(tx, administrator, { name: 'Test CA', kind: 'ca', pem: server.caPem });
  });
  const ours = await aLocalFolder(database);
  const theirs = {
    protocol: 'ftps_explicit' as const,
    host: server.host,
    port: server.port,
    trust: { mode: 'chosen_cas' as const, certificateIds: [ca.id] },
    username: server.user,
    password: server.password,
    basePath: server.homePath === '' ? '/' : server.homePath,
  };
  const endpointWith = async (settings: Partial<FtpsSettings>): Promise<string> => {
    const set = { maxConnections: 32, ...settings };
    return (await anEndpoint(database, { ...theirs, settings: set })).id;
  };
  return {
    ours: ours.id,
    theirs: {
      usual: await endpointWith({}),
      tls12: await endpointWith({ tlsMaxVersion: 'TLSv1.2' }),
      sizeOnly: await endpointWith({ verification: 'size' }),
    },
  };
}

/** On hold, or waiting for another try, is over too: here nothing is expected to fail. */
async function isOver(database: Database, id: string): Promise<boolean> {
  const { state } = await database.transfer.findUniqueOrThrow({ where: { id }, select: { state: true } });
  return state !== 'queued' && state !== 'running';
}

async function readTransfer(
  database: Database,
  id: string,
): Promise<Omit<ProductRun, 'cpuSeconds' | 'peakMemoryMb'> & { state: string; failureText: string | null }> {
  const transfer = await database.transfer.findUniqueOrThrow({
    where: { id },
    include: { attempts: { select: { durationMs: true, timeline: true } } },
  });
  const { state, failureText, createdAt, finishedAt } = transfer;
  return {
    state,
    failureText,
    durationMs: (finishedAt ?? new Date()).getTime() - createdAt.getTime(),
    deliveredCount: transfer.deliveredCount,
    movedBytes: Number(transfer.movedBytes),
    attemptsMs: transfer.attempts.reduce((sum, attempt) => sum + (attempt.durationMs ?? 0), 0),
    stepsMs: sumSteps(transfer.attempts.map(({ timeline }) => timeline as TimelineStep[])),
  };
}
