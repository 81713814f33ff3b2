import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, test } from '@jest/globals';
import { TEST_ROLES, testDatabase, type TestDatabase } from '@waybill/testing/database.js';
import pg from 'pg';
import { openJobs } from './jobs.js';
import { eventually } from './test-support/eventually.js';

describe('a database that is shutting down', () => {
  /** What the server sends to a connection that it ends (57P01), as the protocol has it: type, length, fields. */
  const goodbye = (() => {
    const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0');
    const message = Buffer.alloc(5 + fields.length);
    message.write('E');
    message.writeInt32BE(4 + fields.length, 1);
    fields.copy(message, 5);
    return message;
  })();
  const READY_FOR_QUERY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

  test('and ends each connection as soon as it is made does not end those who work', async () => {
    const database = await testDatabase();
    const url = new URL(database.appUrl);
    let isShuttingDown = false;
    let ended = 0;
    const links = new Set<Socket>();
    const proxy = createServer((client) => {
      const server = connect(Number(url.port), url.hostname);
      for (const socket of [client, server]) {
        links.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => [client, server].forEach((one) => one.destroy()));
      }
      client.pipe(server);
      server.on('data', (chunk) => {
        const isReady = chunk.subarray(-READY_FOR_QUERY.length).equals(READY_FOR_QUERY);
        if (!isShuttingDown || !isReady) return void client.write(chunk);
        ended += 1;
        client.end(Buffer.concat([chunk, goodbye]));
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const through = new URL(url);
    through.port = String((proxy.address() as AddressInfo).port);
    through.hostname = '127.0.0.1';
    const jobs = openJobs({ databaseUrl: through.href }, { onError: () => undefined });
    const seen: string[] = [];
    jobs.work('transfer', async (id) => void seen.push(id));
    await jobs.ring('transfer', 'before');
    await eventually(() => seen.includes('before'));

    isShuttingDown = true;
    for (const socket of links) socket.destroy();
    await eventually(() => ended > 3);
    isShuttingDown = false;
    const ring = () =>
      jobs.ring('transfer', 'after').then(
        () => true,
        () => false,
      );
    await eventually(ring);
    await eventually(() => seen.includes('after'));
    await jobs.close();
    proxy.close();
    await database.close();
  });
});

describe('a database that was away', () => {
  test('is asked for jobs every few seconds again, also where it does not tell of one', async () => {
    const database = await testDatabase();
    const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 });
    const admin = new pg.Client({ connectionString: adminUrlOf(database) });
    await admin.connect();
    const { pathname } = new URL(database.appUrl);
    const allow = (isAllowed: boolean) =>
      admin.query(`ALTER DATABASE ${pathname.slice(1)} ALLOW_CONNECTIONS ${isAllowed}`);
    const errors: Error[] = [];
    const jobs = openJobs({ databaseUrl: database.appUrl }, { onError: (error) => errors.push(error) });
    const seen: string[] = [];
    try {
      await jobs.ring('transfer', 'before');
      await owner.query('CREATE TABLE kept AS SELECT * FROM bullmq.job');
      jobs.work('transfer', async (id) => void seen.push(id));
      await eventually(() => seen.includes('before'));

      await allow(false);
      await admin.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1 AND datname = $2',
        [TEST_ROLES.app, pathname.slice(1)],
      );
      await eventually(() => errors.some(({ message }) => /not currently accepting/.test(message)));
      await allow(true);
      const listens = () =>
        owner.query(
          `SELECT 1 FROM pg_stat_activity WHERE usename = $1 AND datname = current_database()
          AND application_name = 'transfer'`,
          [TEST_ROLES.app],
        );
      await eventually(async () => (await listens()).rowCount === 1);
      // A ring would tell of it. This is as one that was told of to a connection that had just broken.
      await owner.query(`INSERT INTO bullmq.job SELECT (jsonb_populate_record(NULL::bullmq.job,
        to_jsonb(kept) || '{"id": "untold", "seq": 1000, "data": {"id": "after"}}')).* FROM kept`);
      await eventually(() => seen.includes('after'));
    } finally {
      await allow(true);
      await jobs.close();
      await Promise.all([owner.end(), admin.end()]);
      await database.close();
    }
  });
});

function adminUrlOf({ superuserUrl }: TestDatabase): string {
  return Object.assign(new URL(superuserUrl), { pathname: '/postgres' }).href;
}
