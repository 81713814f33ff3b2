import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findFreePort } from '@waybill/embedded-postgres/find-free-port.js';
import { REPOSITORY } from './config.js';

const NEEDED = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'];
const LAUNCHER = 'infra/launcher';

/** A clone in which nothing is installed yet. */
let clone: string;
const other = createServer();

beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), 'waybill-clone-'));
  for (const name of NEEDED) await cp(join(REPOSITORY, name), join(clone, name));
  for (const name of ['bootstrap.mjs', 'source-stamp.mjs', 'taken-ports.mjs'])
    await cp(join(REPOSITORY, LAUNCHER, name), join(clone, LAUNCHER, name));
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
});
afterEach(async () => {
  other.close();
  await rm(clone, { recursive: true });
});

/** There is no npx where this looks, so that an install would fail at once. */
async function start(environment: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [join(clone, LAUNCHER, 'bootstrap.mjs'), 'start'], {
    env: { PATH: clone, ...environment },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

test.each(['WAYBILL_PORT', 'WAYBILL_PRACTICE_EXPLICIT_PORT', 'WAYBILL_PRACTICE_IMPLICIT_PORT'])(
  'a taken %s is told before anything is installed or built',
  async (variable) => {
    const { port } = other.address() as AddressInfo;
    const free = String(await findFreePort());
    const { code, said } = await start({ WAYBILL_PORT: free, [variable]: String(port) });
    expect(code).toBe(1);
    expect(said).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expect(said).toContain(`${variable}=${port + 1} npm start`);
    expect(said).not.toContain('Installing');
  },
);

test('where the ports are free it begins to install', async () => {
  const { said } = await start({ WAYBILL_PORT: String(await findFreePort()) });
  expect(said).toContain('Installing the libraries …');
});
