import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, mkdir, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { findFreePort } from '@waybill/embedded-postgres/find-free-port.js';
import { findTool } from './find-tool.js';
import { startRedis } from './redis.js';
import { makeRunFolder, serverGid, serverUid } from './run-folder.js';
import { findServerProcesses, runServer } from './run-server.js';

/** A process that starts a Redis by our code, as Node runs it without Jest, prints its id, and then waits. */
const owner = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve: (name, context, next) => next(name.startsWith('.') ? name.replace(/\\.js$/, '.ts') : name, context),
  });
  const { startRedis } = await import(process.argv[1]);
  const { pid } = await startRedis();
  console.log(pid);
  setInterval(() => {}, 1000);
`;

test('a server does not outlive the process that started it, even when that is killed', async () => {
  const path = fileURLToPath(new URL('redis.ts', import.meta.url));
  const child = spawn(process.execPath, ['--input-type=module', '-e', owner, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(findServerProcesses(pid)).toContain(pid);
  child.kill('SIGKILL');
  await once(child, 'close');
  for (let tries = 0; tries < 100 && findServerProcesses(pid).length > 0; tries++) await sleep(20);
  expect(findServerProcesses(pid)).toEqual([]);
});

test('the folder of a process that died is removed at the next start', async () => {
  const mine = await makeRunFolder('redis');
  // A process id that cannot be: the kernel's are below 2^22.
  const abandoned = mine.replace(`-${process.pid}-`, '-99999999-');
  await mkdir(abandoned);
  await chown(abandoned, serverUid, serverGid);
  const next = await makeRunFolder('redis');
  expect([existsSync(mine), existsSync(next), existsSync(abandoned)]).toEqual([true, true, false]);
  for (const folder of [mine, next]) await rm(folder, { recursive: true });
});

test('a port is a server’s only where it is that server which listens on it', async () => {
  const foreign = createServer().listen(0, '127.0.0.1');
  await once(foreign, 'listening');
  const folder = await makeRunFolder('redis');
  const port = await findFreePort();
  const server = runServer(findTool('redis-server'), ['--port', String(port), '--bind', '127.0.0.1'], {
    folder,
  });
  for (let tries = 0; tries < 200 && !server.isListeningOn(port); tries++) await sleep(20);
  expect(server.isListeningOn(port)).toBe(true);
  expect(server.isListeningOn((foreign.address() as AddressInfo).port)).toBe(false);
  await server.stop();
  expect(server.isListeningOn(port)).toBe(false);
  foreign.close();
  await rm(folder, { recursive: true });
});

test('two Redis servers run side by side, and one can start where another was', async () => {
  const first = await startRedis();
  const second = await startRedis();
  expect(second.port).not.toBe(first.port);
  await first.stop();
  expect(findServerProcesses(first.pid)).toEqual([]);
  const again = await startRedis({ port: first.port });
  expect(again.url).toBe(`redis://127.0.0.1:${first.port}`);
  await expect(startRedis({ port: first.port })).rejects.toThrow(/Redis did not start[^]*in use/);
  await again.stop();
  await second.stop();
});
