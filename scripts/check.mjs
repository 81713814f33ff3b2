/** `npm run check`: everything that is judged without running the product. All of it runs, whatever fails. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name) => join(root, 'node_modules/.bin', name);

const steps = [
  { title: 'types', program: bin('tsc'), options: ['-p', 'tsconfig.check.json'] },
  {
    title: 'types of the console',
    program: bin('tsc'),
    options: ['-p', 'apps/console/tsconfig.json', '--noEmit'],
  },
  { title: 'lint', program: bin('oxlint'), options: ['--type-aware', '--deny-warnings'] },
  { title: 'house rules', program: process.execPath, options: ['scripts/check-house-rules.mjs'] },
  {
    title: 'boundaries',
    program: bin('depcruise'),
    options: ['--config', '.dependency-cruiser.cjs', 'packages', 'apps', 'infra', 'e2e', 'bench'],
  },
  { title: 'dead code', program: bin('knip'), options: ['--no-progress'] },
  { title: 'format', program: bin('prettier'), options: ['--check', '--log-level', 'warn', '.'] },
  { title: 'generated is current', program: process.execPath, options: ['scripts/generate.mjs', '--check'] },
];

const waiting = [...steps];
const failed = [];
await Promise.all(Array.from({ length: Math.max(1, availableParallelism()) }, work));
console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}.`);
process.exit(failed.length === 0 ? 0 : 1);

async function work() {
  for (let step = waiting.shift(); step; step = waiting.shift()) {
    const startedAt = Date.now();
    const { code, output } = await run(step);
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    console.log(`${code === 0 ? '✓' : '✗'} ${step.title} (${seconds} s)`);
    if (code === 0) continue;
    failed.push(step.title);
    console.log(output.trimEnd().replaceAll(/^/gm, '    '));
  }
}

function run({ program, options }) {
  return new Promise((resolve) => {
    const child = spawn(program, options, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
