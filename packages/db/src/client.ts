/** Opens the database for those who run: the API, the worker, the command line. */
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient } from './generated/prisma/client.js';

/** The database as the apps hold it; domain functions take a `Tx` instead (transaction.ts). */
export type Database = PrismaClient;

export interface DatabaseOptions {
  /** Most connections that this process holds at a time. */
  poolSize?: number;
  /** What the server shows as the owner of a connection: "waybill api". */
  applicationName?: string;
}

/** A single statement that takes longer is ended by the server. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** A transaction that takes longer is ended by the server (17 or newer): it would hold back the audit sealer. */
const TRANSACTION_TIMEOUT_MS = 60_000;

/**
 * Opens a pool of connections; the first connection is made at the first query. `$disconnect()` closes it.
 * @param url postgres://user:password@host:port/database, with `sslmode=verify-full` for one that is not local
 */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const { poolSize = 10, applicationName = 'waybill' } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: TRANSACTION_TIMEOUT_MS,
    keepAlive: true,
    onConnect: limitTransactions,
  });
  // An idle connection that breaks (the server restarts) is dropped by the pool; the next query opens another.
  pool.on('error', () => undefined);
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
}

/** Not a start-up setting of the connection, because servers before 17 would refuse that connection. */
async function limitTransactions(client: pg.ClientBase): Promise<void> {
  await client.query(
    `SELECT set_config('transaction_timeout', $1, false)
      WHERE current_setting('server_version_num')::int >= 170000`,
    [String(TRANSACTION_TIMEOUT_MS)],
  );
}
