/** An installation for tests: a database of its own, a local folder, workers in this process or as processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoint } from '@waybill/contracts/endpoints.js';
import type { Route, RouteCreate } from '@waybill/contracts/routes.js';
import type { TransferState } from '@waybill/contracts/transfers.js';
import { inTransaction } from '@waybill/db/transaction.js';
import type { Script } from '@waybill/ftps-server/script.js';
import { startFtpsServer } from '@waybill/ftps-server/start-ftps-server.js';
import { createNetworkAllow } from '@waybill/domain/network/network-allows.js';
import { startTransfer } from '@waybill/domain/transfers/start-transfer.js';
import { importCertificate } from '@waybill/domain/trust/certificates.js';
import { type Jobs, openJobs } from '@waybill/jobs/jobs.js';
import {
  TEST_ROOT,
  aLocalFolder,
  aRoute,
  anActor,
  anEndpoint,
  type ServerInput,
  testVaultKeys,
} from '@waybill/testing/builders.js';
import { testDatabase } from '@waybill/testing/database.js';
import { type CertificateKind, getTestPki } from '@waybill/testing/pki.js';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import pino from 'pino';
import { type Config, readConfig } from '../config.js';
import { type RunningWorker, startWorker } from '../start-worker.js';

const BUILT_WORKER = join(import.meta.dirname, '../../dist/main.js');
const OVER: TransferState[] = ['succeeded', 'partial', 'failed', 'cancelled'];

export type Site = Awaited<ReturnType<typeof openSite>>;

/** @param options.redisUrl the queue's store; the database where not given */
export async function openSite(options: { redisUrl?: string } = {}) {
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'waybill-worker-'));
  for (const name of ['out', 'in', 'archive']) await mkdir(join(folder, name));
  const { caPem } = await getTestPki();
  const ca = await inTransaction(database.app, async (tx) => {
    const administrator = anActor('administrator');
    await createNetworkAllow(tx, administrator, { cidr: '127.0.0.1/32', fromPort: 1, toPort: 65_535 });
    return importCertificate(tx, administrator, { name: 'Test CA', kind: 'ca', pem: caPem });
  });
  const local = await aLocalFolder(database.app);
  const store = { databaseUrl: database.appUrl, redisUrl: options.redisUrl };
  const jobs: Jobs = openJobs(store, { onError: () => undefined });
  const workers = new Set<RunningWorker>();
  const children = new Set<ChildProcess>();
  const servers = new Set<ScriptedServer>();
  const leaseEnds: Promise<void>[] = [];
  const environment = {
    DATABASE_URL: database.workerUrl,
    REDIS_URL: options.redisUrl,
    WAYBILL_VAULT_PRIVATE_KEY: (await testVaultKeys()).privateKey,
    WAYBILL_LOCAL_ROOTS: `${TEST_ROOT}=${folder}`,
    WAYBILL_SWEEP_MS: '200',
    WAYBILL_RETRY_BASE_MS: '100',
    LOG_LEVEL: 'silent',
    NODE_ENV: 'test',
  };

  /** What shortens the wait is not a short lease: that would end under a worker that is only slow. */
  const endLeases = async (pid: number | undefined): Promise<void> => {
    const where = { state: 'running', leaseOwner: { contains: `-${pid}-` } } as const;
    await database.app.transfer.updateMany({ where, data: { leaseUntil: new Date(0) } });
  };

  const endWorkers = async (): Promise<void> => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([...children].map((child) => once(child, 'exit')));
    await Promise.all(leaseEnds.splice(0));
    await Promise.all([...workers].map((worker) => worker.stop()));
    workers.clear();
  };

  const stopServers = async (): Promise<void> => {
    await Promise.all([...servers].map((server) => server.stop()));
    servers.clear();
  };

  return {
    database,
    jobs,
    folder,
    local,
    caId: ca.id,

    /** A worker in this process. */
    async startWorker(change: Record<string, string> = {}): Promise<RunningWorker> {
      const config: Config = readConfig({ ...environment, ...change });
      const worker = await startWorker(config, pino({ level: process.env.WAYBILL_TEST_LOG ?? 'silent' }));
      workers.add(worker);
      return { ...worker, stop: () => (workers.delete(worker) ? worker.stop() : Promise.resolve()) };
    },

    /** A worker as a process of its own, which may be killed; nobody has to wait for the end of its leases then. */
    spawnWorker(change: Record<string, string> = {}): ChildProcess {
      const stdio = process.env.WAYBILL_TEST_LOG === undefined ? 'ignore' : 'inherit';
      const env = { ...process.env, ...environment, ...change } as NodeJS.ProcessEnv;
      const child = spawn(process.execPath, [BUILT_WORKER], { env, stdio });
      children.add(child);
      child.once('exit', () => {
        children.delete(child);
        leaseEnds.push(endLeases(child.pid));
      });
      return child;
    },

    /** A partner's server under a script; it runs until the servers are stopped or the site is closed. */
    async scripted(...how: Parameters<typeof startScripted>): Promise<ScriptedServer> {
      const server = await startScripted(...how);
      servers.add(server);
      return server;
    },
    stopServers,

    async server(server: Server, change: ServerInput = {}): Promise<Endpoint> {
      return anEndpoint(database.app, {
        protocol: server.mode === 'explicit' ? 'ftps_explicit' : 'ftps_implicit',
        host: server.host,
        port: server.port,
        trust: { mode: 'chosen_cas', certificateIds: [ca.id] },
        username: server.user,
        password: server.password,
        basePath: server.homePath === '' ? '/' : server.homePath,
        ...change,
      });
    },

    /** From our folder `out` to the top of the partner's. */
    sendRoute: (target: Endpoint, change: Partial<RouteCreate> = {}): Promise<Route> =>
      aRoute(database.app, {
        sourceEndpointId: local.id,
        sourcePath: '/out',
        targetEndpointId: target.id,
        targetPath: '/',
        ...change,
      }),

    /** From the top of the partner's folder to ours, `in`. */
    collectRoute: (source: Endpoint, change: Partial<RouteCreate> = {}): Promise<Route> =>
      aRoute(database.app, {
        sourceEndpointId: source.id,
        sourcePath: '/',
        targetEndpointId: local.id,
        targetPath: '/in',
        ...change,
      }),

    /** As a person would; rings where a worker shall hear it. */
    async start(route: Route, { ring = true } = {}): Promise<string> {
      const { transferId } = await inTransaction(database.app, (tx) =>
        startTransfer(tx, anActor(), { cause: 'manual', routeId: route.id }),
      );
      if (ring) await jobs.ring('transfer', transferId);
      return transferId;
    },

    async waitFor(transferId: string, states: TransferState[] = OVER, withinMs = 60_000) {
      const read = () =>
        database.app.transfer.findUniqueOrThrow({
          where: { id: transferId },
          include: { files: { orderBy: { position: 'asc' } }, attempts: { orderBy: { startedAt: 'asc' } } },
        });
      for (const deadline = Date.now() + withinMs; ; await sleep(25)) {
        const transfer = await read();
        if (states.includes(transfer.state)) return transfer;
        if (Date.now() > deadline)
          throw new Error(
            `still ${transfer.state} after ${withinMs} ms: ${transfer.failureText ?? 'no failure'}`,
          );
      }
    },

    /** The actions that the audit log has of the transfer and its files, in their order. */
    async actionsOf(transferId: string): Promise<string[]> {
      const events = await database.app.auditEvent.findMany({
        where: { OR: [{ objectId: transferId }, { details: { path: ['transferId'], equals: transferId } }] },
        orderBy: { seq: 'asc' },
        select: { action: true },
      });
      return events.map((event) => event.action);
    },

    /** Where the source of the file went, as the audit log has it. */
    async movedTo(transferFileId: string | undefined): Promise<unknown[]> {
      const events = await database.app.auditEvent.findMany({
        where: { objectId: transferFileId ?? '', action: 'transfer_file.after_action_done' },
        select: { details: true },
      });
      return events.map(({ details }) => (details as { movedTo: unknown }).movedTo);
    },

    /** Whatever is still running: a test that fails in the middle must not work on in the next one. */
    endWorkers,

    async close(): Promise<void> {
      await endWorkers();
      await stopServers();
      await jobs.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What a site has to know of a server to make an endpoint of it. */
export type Server = Pick<
  FtpTestServer,
  'host' | 'port' | 'mode' | 'user' | 'password' | 'homePath' | 'root' | 'stop'
>;

export interface ScriptedServer extends Server {
  /** How many passwords it was given. */
  loginCount(): number;
}

/** The practice server under a script, with the test authority's certificate unless told otherwise. */
async function startScripted(
  script: Script = {},
  options: { certificate?: CertificateKind; maxConnections?: number } = {},
): Promise<ScriptedServer> {
  const root = await mkdtemp(join(tmpdir(), 'waybill-scripted-'));
  const pki = await getTestPki();
  const { keyPem, certificatePem } = await pki.server(options.certificate ?? 'good');
  const { maxConnections } = options;
  const [user, password] = ['partner', 'right-password'];
  let logins = 0;
  const server = await startFtpsServer({
    mode: 'explicit',
    root,
    users: [{ name: user, password }],
    tls: { key: keyPem, cert: certificatePem },
    limits: { loginFailureDelayMs: 0, ...(maxConnections !== undefined && { maxConnections }) },
    script: {
      ...script,
      onCommand(session, verb, argument) {
        if (verb === 'PASS') logins += 1;
        return script.onCommand?.(session, verb, argument);
      },
    },
  });
  return {
    host: '127.0.0.1',
    port: server.port,
    mode: 'explicit',
    user,
    password,
    root,
    homePath: '',
    loginCount: () => logins,
    async stop() {
      await server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** A file in a server's folder that the server's user owns. */
export async function putFile(folder: string, name: string, content: Buffer | string): Promise<void> {
  const owner = await stat(folder);
  await writeFile(join(folder, name), content);
  await chmod(join(folder, name), 0o644);
  await chown(join(folder, name), owner.uid, owner.gid);
}

/** Name and SHA-256 of every file of a folder, names that begin with a dot included. */
export async function readFolder(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Object.fromEntries(
    await Promise.all(
      files.map(async ({ name }) => [name, sha256(await readFile(join(folder, name)))] as const),
    ),
  );
}

export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

export async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
}
