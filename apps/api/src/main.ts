/** The API process: configuration, connections, listen, and an orderly end. */
import 'reflect-metadata';
import type { Server } from 'node:http';
import { ConfigFault } from '@waybill/configuration/read-configuration.js';
import { openDatabase } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { tellDenials } from '@waybill/domain/access/record-denial.js';
import { openJobs } from '@waybill/jobs/jobs.js';
import { sealWith } from '@waybill/vault/seal.js';
import pino from 'pino';
import { type Config, readConfig } from './config.js';
import { createApi } from './create-api.js';
import { openLive } from './live/live.js';

/** Requests in hand get this long to end; then their connections are cut. */
const GRACE_MS = 5_000;
/** How often the counts of denied calls are looked at, for the audit log. */
const TELL_DENIALS_MS = 60_000;

async function serve(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, base: { app: 'api' } });
  const database = openDatabase(config.databaseUrl, { applicationName: 'waybill api' });
  const jobs = openJobs(
    { databaseUrl: config.databaseUrl, redisUrl: config.redisUrl ?? undefined },
    { onError: (err, queue) => log.warn({ err, queue }, 'queue connection failed') },
  );
  const live = await openLive(config.databaseUrl, log);
  const seal = await sealWith(config.vaultPublicKey);
  const app = await createApi({ database, jobs, config, seal, live, log });
  const server = app.getHttpServer() as Server;

  const tellingDenials = setInterval(() => {
    inTransaction(database, tellDenials).catch((err: unknown) => log.warn({ err }, 'counts of denials wait'));
  }, TELL_DENIALS_MS);

  const listening = app.listen(config.port, config.host);
  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'stopping');
    clearInterval(tellingDenials);
    await listening;
    const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    await live.close();
    server.closeIdleConnections();
    await app.close();
    clearTimeout(cut);
    await jobs.close();
    await database.$disconnect();
    log.info('stopped');
  };
  const stopOn = (signal: string): void => {
    stop(signal).catch((err: unknown) => {
      log.fatal({ err }, 'it could not stop in order');
      // What could not be closed would keep it alive.
      process.exit(1);
    });
  };
  // Whoever is served may tell it to stop.
  process.on('SIGTERM', stopOn);
  process.on('SIGINT', stopOn);
  await listening;
  log.info({ address: server.address() }, 'listening');
}

try {
  await serve(readConfig());
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(error instanceof ConfigFault ? ConfigFault.EXIT_CODE : 1);
}

function explain(error: unknown): string {
  if (error instanceof ConfigFault) return error.message;
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `Port ${port} is taken. Stop what listens there, or set WAYBILL_PORT.`;
  if (code === 'EACCES') return `Port ${port} needs a right that this user does not have. Set WAYBILL_PORT.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
