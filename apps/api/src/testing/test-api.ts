/** The API as it really runs, for tests: real HTTP on a free port, a real database, a real queue. */
import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { UserCreate } from '@waybill/contracts/access.js';
import type { ProblemCode } from '@waybill/contracts/problems.js';
import type { Role } from '@waybill/contracts/permissions.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { createApiKey } from '@waybill/domain/access/api-keys.js';
import { createUser } from '@waybill/domain/access/users.js';
import { cliActor } from '@waybill/domain/actor.js';
import { openJobs } from '@waybill/jobs/jobs.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { type VaultKeyPair, makeVaultKeyPair } from '@waybill/vault/keys.js';
import { sealWith } from '@waybill/vault/seal.js';
import pino from 'pino';
import type { Config } from '../config.js';
import { createApi } from '../create-api.js';
import { openLive } from '../live/live.js';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body, parsed; undefined where there is none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read what they expect, and fail where it is not there
  body: any;
}

export interface Call {
  /** An API key. */
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface TestApi {
  url: string;
  app: NestExpressApplication;
  database: TestDatabase;
  vault: VaultKeyPair;
  /** Everything that the process has logged so far. */
  logged(): string;
  /** `call('POST /api/v1/partners', { key, body })` */
  call(operation: string, call?: Call): Promise<Answer>;
  /** A key of its own with that role, made once. */
  keyOf(role: Role): Promise<string>;
  addUser(input: UserCreate): Promise<{ id: string }>;
  /** Signs in as a browser would and answers the headers that its next requests carry. */
  signIn(email: string, password: string): Promise<Record<string, string>>;
  close(): Promise<void>;
}

export async function testApi(
  overrides: Partial<Config> = {},
  { heartbeatMs = 300 }: { heartbeatMs?: number } = {},
): Promise<TestApi> {
  const database = await testDatabase();
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const vault = await makeVaultKeyPair();
  const config: Config = {
    databaseUrl: database.appUrl,
    redisUrl: null,
    host: '127.0.0.1',
    port: 0,
    publicUrl: null,
    isSecure: false,
    trustedProxies: [],
    vaultPublicKey: vault.publicKey,
    localRoots: [{ name: 'files', path: '/srv/files' }],
    consoleDir: import.meta.dirname,
    logLevel: 'debug',
    ...overrides,
  };
  const jobs = openJobs(
    { databaseUrl: config.databaseUrl },
    { onError: (err) => log.warn({ err }, 'queue connection failed') },
  );
  const live = await openLive(config.databaseUrl, log, { heartbeatMs });
  const seal = await sealWith(vault.publicKey);
  const app = await createApi({ database: database.app, jobs, config, seal, live, log });
  const server = await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = new Map<Role, string>();
  const cli = cliActor('tests');

  const call = async (operation: string, { key, body, headers }: Call = {}): Promise<Answer> => {
    const [method, path] = operation.split(' ');
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
  };

  return {
    url,
    app,
    database,
    vault,
    logged: () => lines.join(''),
    call,
    async keyOf(role) {
      const known = keys.get(role);
      if (known !== undefined) return known;
      const { key } = await inTransaction(database.app, (tx) =>
        createApiKey(tx, cli, { name: `${role} of the tests`, role }),
      );
      keys.set(role, key);
      return key;
    },
    addUser: (input) => inTransaction(database.app, (tx) => createUser(tx, cli, input)),
    async signIn(email, password) {
      const answer = await call('POST /api/v1/session', {
        body: { email, password },
        headers: { 'sec-fetch-site': 'same-origin' },
      });
      if (answer.status !== 201) throw new Error(`Sign-in answered ${answer.status}: ${answer.text}`);
      return { cookie: cookieOf(answer), 'sec-fetch-site': 'same-origin' };
    },
    async close() {
      await live.close();
      (server as import('node:http').Server).closeAllConnections();
      await app.close();
      await jobs.close();
      await database.close();
    },
  };
}

/** The cookie of an answer, as a browser sends it back. */
export function cookieOf(answer: Answer): string {
  const [cookie] = answer.headers.getSetCookie();
  if (cookie === undefined) throw new Error('The answer sets no cookie.');
  return cookie.split(';', 1)[0] ?? '';
}

/** Status and code of an answer, for short expectations: `[404, 'not_found']`. */
export function problemOf(answer: Answer): [number, ProblemCode | undefined] {
  return [answer.status, answer.body?.code];
}
