import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lockHolder, takeLock } from './process-lock.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-lock-'));
  path = join(folder, 'launcher.lock');
});
afterEach(() => rm(folder, { recursive: true }));

test('a lock that is held is refused, with the process that holds it', async () => {
  const first = await takeLock(path);
  expect(first).toHaveProperty('release');
  expect(await takeLock(path)).toEqual({ heldBy: process.pid });
  expect(await lockHolder(path)).toBe(process.pid);
});

test('a lock that was given back can be taken again', async () => {
  const first = await takeLock(path);
  if ('release' in first) first.release();
  expect(await lockHolder(path)).toBeNull();
  expect(await takeLock(path)).toHaveProperty('release');
});

test('of many that ask at once exactly one gets it, and nothing is left lying about', async () => {
  await writeFile(path, JSON.stringify({ pid: 2 ** 22 + 1, startedAt: 'a dead one' }));
  const answers = await Promise.all(Array.from({ length: 20 }, () => takeLock(path)));
  expect(answers.filter((answer) => 'release' in answer)).toHaveLength(1);
  expect(await readdir(folder)).toEqual(['launcher.lock']);
});

test('the lock of a process that was killed is taken over', async () => {
  const child = spawn('sleep', ['60']);
  const ownLock = await takeLock(path);
  if (!('release' in ownLock)) throw new Error('The lock was not free.');
  const { startedAt } = JSON.parse(await readFile(path, 'utf8')) as { startedAt: string };
  await writeFile(path, JSON.stringify({ pid: child.pid, startedAt: startOf(startedAt, child.pid!) }));
  expect(await lockHolder(path)).toBe(child.pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await takeLock(path)).toHaveProperty('release');
});

test('a process that got the id of a dead holder is not taken for it', async () => {
  await writeFile(path, JSON.stringify({ pid: process.pid, startedAt: 'another boot 1' }));
  expect(await lockHolder(path)).toBeNull();
  expect(await takeLock(path)).toHaveProperty('release');
});

test('a lock file that a crash cut short holds nothing back', async () => {
  await writeFile(path, '');
  expect(await takeLock(path)).toHaveProperty('release');
});

/** What the lock would have written for another process of this boot. */
function startOf(ownStart: string, pid: number): string {
  const boot = ownStart.split(' ')[0];
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return `${boot} ${stat.split(') ').at(-1)!.split(' ')[19]}`;
}
