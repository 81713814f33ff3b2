import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { superviseProcess, type SupervisedProcess } from './supervised-process.js';

let folder: string;
let logFile: string;
let said: string[];
let givenUp: string[];
let subject: SupervisedProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-process-'));
  logFile = join(folder, 'one.log');
  [said, givenUp, subject] = [[], [], undefined];
});
afterEach(async () => {
  subject?.kill();
  await rm(folder, { recursive: true });
});

const supervise = async (code: string, mayRead: string[] | null = null): Promise<SupervisedProcess> => {
  const entry = join(folder, 'entry.mjs');
  await writeFile(entry, code);
  return (subject = superviseProcess({
    title: 'The thing',
    entry,
    environment: { PATH: '/usr/bin:/bin' },
    mayRead,
    logFile,
    say: (line) => said.push(line),
    onGivenUp: (reason) => givenUp.push(reason),
    backoffMs: [10, 20],
  }));
};
const log = (): Promise<string> => readFile(logFile, 'utf8');
const eventually = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (const deadline = Date.now() + 10_000; !(await holds()); await sleep(20)) {
    if (Date.now() > deadline) throw new Error(`It did not come true. Said: ${said.join('\n')}`);
  }
};

const STAYS = `console.log('up ' + process.pid); setInterval(() => {}, 1000);`;

test('what it prints goes to its log, and it ends when it is told to', async () => {
  const one = await supervise(
    `process.on('SIGTERM', () => { console.log('bye'); process.exit(0); }); ${STAYS}`,
  );
  await eventually(async () => (await log()).includes('up'));
  await one.stop(5_000);
  expect(await log()).toMatch(/^up \d+\nbye\n$/);
  expect(said).toEqual([]);
});

test('one that is confined reads what it was given, and can neither read more, nor write, nor start a program', async () => {
  const [given, other] = [join(folder, 'given'), join(folder, 'other')];
  for (const path of [given, other]) await writeFile(path, 'secret');
  const attempts = `
    import { readFileSync, writeFileSync } from 'node:fs';
    import { execFileSync } from 'node:child_process';
    const tried = (what, work) => {
      try { work(); console.log(what, 'done'); } catch (error) { console.log(what, error.code); }
    };
    tried('given', () => readFileSync(${JSON.stringify(given)}));
    tried('other', () => readFileSync(${JSON.stringify(other)}));
    tried('write', () => writeFileSync(${JSON.stringify(given)}, ''));
    tried('program', () => execFileSync('/bin/true'));
    ${STAYS}`;
  await supervise(attempts, [join(folder, 'entry.mjs'), given, join(import.meta.dirname, '..')]);
  await eventually(async () => (await log()).includes('up'));
  const refused = ['other', 'write', 'program'].map((what) => `${what} ERR_ACCESS_DENIED`);
  expect((await log()).split('\n').slice(0, 4)).toEqual(['given done', ...refused]);
});

test('one that dies is started again, which is said with the reason', async () => {
  await supervise(STAYS);
  await eventually(async () => /up \d+/.test(await log()));
  process.kill(Number(/up (\d+)/.exec(await log())![1]), 'SIGKILL');
  await eventually(async () => (await log()).match(/up \d+/g)?.length === 2);
  expect(said).toEqual([`The thing ended by itself (SIGKILL), see ${logFile}; starting it again in 0.01 s.`]);
});

test('one that dies again and again is given up', async () => {
  const one = await supervise(`console.log('tried'); process.exit(3);`);
  await eventually(() => givenUp.length > 0);
  expect(givenUp[0]).toMatch(/ended by itself \(code 3\).*started 9 times in vain/);
  expect((await log()).match(/tried/g)).toHaveLength(9);
  await one.stop(100);
});

test('one that is configured wrongly is not started again, and its faults are told', async () => {
  await supervise(`console.error('PORT: is not set'); process.exit(78);`);
  await eventually(() => givenUp.length > 0);
  expect(givenUp).toEqual(['The thing cannot be started. PORT: is not set']);
  expect(said).toEqual([]);
});

test('one that does not listen is ended by force after its time', async () => {
  const one = await supervise(`process.on('SIGTERM', () => {}); ${STAYS}`);
  await eventually(async () => (await log()).includes('up'));
  await one.stop(100);
  expect(said).toEqual(['The thing did not end within 0.1 s and is ended by force.']);
});

test('one that waits to be started again is not started after a stop', async () => {
  const one = await supervise(`console.log('tried'); process.exit(3);`);
  await eventually(() => said.length > 0);
  await one.stop(100);
  const tries = (await log()).match(/tried/g)!.length;
  await sleep(100);
  expect((await log()).match(/tried/g)).toHaveLength(tries);
});

test('a process ends by itself when the launcher is killed', async () => {
  const entry = join(folder, 'entry.mjs');
  await writeFile(entry, STAYS);
  const launcher = join(folder, 'launcher.ts');
  await writeFile(
    launcher,
    `import { superviseProcess } from ${JSON.stringify(join(import.meta.dirname, '../dist/supervised-process.js'))};
     superviseProcess({ title: 'x', entry: ${JSON.stringify(entry)}, environment: {}, say: () => {}, onGivenUp: () => {},
       mayRead: null, logFile: ${JSON.stringify(logFile)} });`,
  );
  const parent = spawn(process.execPath, [launcher], {
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  await eventually(async () => /up \d+/.test(await log().catch(() => '')));
  const pid = Number(/up (\d+)/.exec(await log())![1]);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await eventually(() => {
    try {
      process.kill(pid, 0);
      return false;
    } catch {
      return true;
    }
  });
});
