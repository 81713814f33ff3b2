/**
 * `npm run prove-defences [name of a defence …]`: takes each defence out of the source, one after the other, and runs
 * the cases that rely on it in a process of their own. Every one of them has to fail; it also has to hold with all
 * defences in place, which `npm test` shows.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ALL_CASES } from './catalogue.js';
import { DEFENCES, type DefenceName } from './defences.js';

const root = join(import.meta.dirname, '../../../..');
const SOURCE = 'packages/transports/src';
/** A case has its own limit; this is for a process that does not end at all. */
const LIMIT_MS = 120_000;
/** So many may have gone down with the process, and are then run one at a time. */
const MAX_TRIES = 100;

/** By id of the case: how it failed, or null where it held. */
type Outcomes = Map<string, string | null>;

const wanted = new Set(process.argv.slice(2).filter((argument) => !argument.startsWith('--')));
const names = (Object.keys(DEFENCES) as DefenceName[]).filter(
  (name) => wanted.size === 0 || wanted.has(name),
);
const idle: string[] = [];
const survivors: string[] = [];
const waiting = names.values();
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (const name of waiting) await prove(name);
  }),
);
for (const name of idle) console.error(`No case relies on "${name}".`);
for (const line of survivors) console.error(`Holds without its defence: ${line}`);
const passed = idle.length === 0 && survivors.length === 0;
if (passed) console.log(`\n${names.length} defences: without any of them its cases fail.`);
process.exitCode = passed ? 0 : 1;

async function prove(name: DefenceName): Promise<void> {
  const ids = ALL_CASES.filter(({ defences }) => defences.includes(name)).map(({ id }) => id);
  if (ids.length === 0) return void idle.push(name);
  const outcomes: Outcomes = await runWithout(name, ids);
  // One that brings down the process takes the others with it.
  const untold = ids.filter((id) => !outcomes.has(id));
  for (const id of untold.slice(0, MAX_TRIES)) {
    const [failure = 'the process ended'] = (await runWithout(name, [id])).values();
    outcomes.set(id, failure);
  }
  console.log(`without "${name}"`);
  for (const id of ids) {
    const failure = outcomes.get(id);
    console.log(`  ${failure == null ? '✗ HOLDS' : '✓ fails'} ${id}  ${(failure ?? '').slice(0, 150)}`);
    if (failure == null) survivors.push(`${id} (${name})`);
  }
}

async function runWithout(name: DefenceName, ids: string[]): Promise<Outcomes> {
  const changes = DEFENCES[name].edits.map(({ file, find, replace }) => ({
    path: `${SOURCE}/${file}`,
    find,
    replace,
  }));
  const load = ['--import', './scripts/load-source.mjs', `${SOURCE}/hostile/run-cases.ts`];
  const child = spawn(process.execPath, [...load, ...ids, `--changes=${JSON.stringify(changes)}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
  });
  let noise = '';
  child.stderr.on('data', (text: Buffer) => (noise += text.toString()));
  const outcomes: Outcomes = new Map();
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    const { id, failure } = JSON.parse(line) as { id: string; failure: string | null };
    outcomes.set(id, failure);
  });
  await new Promise((resolve) => child.once('close', resolve));
  if (outcomes.size === 0 && ids.length > 1) console.error(noise.slice(0, 2000));
  return outcomes;
}
