/**
 * The first code that runs, on whatever Node is there (20 or newer) and with built-in modules only. It installs
 * what pnpm-lock.yaml names, builds what has changed, and hands over to the Node 24 of node_modules.
 *
 *   node infra/launcher/bootstrap.mjs <start|test|check|bench|waybill|fixture|interop|generate|prove-defences> [arguments]
 */
import { spawn } from 'node:child_process';
import { accessSync, constants as modes, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { constants } from 'node:os';
import { listFiles, stampOfFiles, stampOfContents } from './source-stamp.mjs';
import { findTakenPort } from './taken-ports.mjs';

// What needs more than that fails in ways that tell nobody why.
if (!import.meta.dirname) fail(`Waybill needs Node 20.11 or newer to start; this is ${process.version}.`);
const root = join(import.meta.dirname, '../..');
const node24 = join(root, 'node_modules/node/bin/node');
const bin = (name, folder = root) => join(folder, 'node_modules/.bin', name);
const PNPM = 'pnpm@12.21.0';
const SLOW_AFTER_MS = 10_000;

/** What each command needs to be built, and what it runs then. */
const commands = {
  start: { builds: ['prisma', 'apps', 'console'], run: () => ['infra/launcher/dist/main.js'] },
  waybill: { builds: ['prisma', 'apps'], run: () => ['infra/launcher/dist/run-command.js'] },
  test: {
    builds: ['prisma', 'apps', 'console'],
    prepare: installTestTools,
    run: () => ['scripts/run-tests.mjs'],
  },
  check: { builds: ['prisma', 'apps', 'bench'], run: () => ['scripts/check.mjs'] },
  bench: { builds: ['prisma', 'apps', 'bench'], run: () => ['bench/dist/main.js'] },
  fixture: { builds: ['prisma', 'apps', 'bench'], run: () => ['infra/launcher/dist/run-fixture.js'] },
  interop: {
    builds: ['prisma'],
    prepare: installTestTools,
    run: () => ['scripts/write-interoperability.mjs'],
  },
  generate: { builds: ['prisma', 'apps'], run: () => ['scripts/generate.mjs'] },
  'prove-defences': {
    builds: [],
    prepare: installTestTools,
    run: () => ['scripts/prove-defences.mjs'],
  },
};

const builds = {
  prisma: {
    title: 'database client',
    sources: ['prisma/schema', 'prisma.config.ts'],
    results: ['packages/db/src/generated/prisma/client.ts'],
    command: () => [bin('prisma', join(root, 'packages/db')), ['generate']],
    // The engine that it would download is only needed for commands that we do not use.
    environment: { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', PRISMA_HIDE_UPDATE_MESSAGE: '1' },
  },
  apps: {
    title: 'server',
    sources: ['packages', 'apps/api', 'apps/worker', 'apps/cli', 'infra/launcher', 'tsconfig.base.json'],
    results: [
      'apps/api/dist/main.js',
      'apps/worker/dist/main.js',
      'apps/cli/dist/main.js',
      'infra/launcher/dist/main.js',
    ],
    command: () => [
      bin('tsc'),
      ['-b', 'apps/api', 'apps/worker', 'apps/cli', 'infra/launcher', 'packages/api-client'],
    ],
  },
  console: {
    title: 'console',
    sources: ['apps/console', 'packages/contracts', 'packages/api-client'],
    results: ['apps/console/dist/index.html'],
    command: () => [bin('vite', join(root, 'apps/console')), ['build', '--logLevel', 'warn']],
    folder: 'apps/console',
  },
  bench: {
    title: 'measurements',
    sources: ['bench', 'packages'],
    results: ['bench/dist/main.js'],
    command: () => [bin('tsc'), ['-b', 'bench']],
  },
};

/** What runs at the moment, and whether it has a process group of its own. */
let running = null;
let interruptedBy = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, passOn);
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const [name, ...args] = process.argv.slice(2);
const command = commands[name];
if (!command) fail(`Usage: bootstrap.mjs <${Object.keys(commands).join('|')}> [arguments]`);
await install();
await command.prepare?.();
for (const build of command.builds) await buildIfChanged(build);
await handOver([join(root, command.run()[0]), ...args]);

/** Installs the libraries when the lock file or a package.json has changed since the last time. */
async function install() {
  const manifests = ['.', ...listWorkspaces()].map((folder) => join(root, folder, 'package.json'));
  const stamp = stampOfContents([
    join(root, 'pnpm-lock.yaml'),
    join(root, 'pnpm-workspace.yaml'),
    ...manifests,
  ]);
  // Inside node_modules, so that it goes when they go.
  const stampFile = join(root, 'node_modules/.waybill-install');
  if (readStamp(stampFile) === stamp && existsSync(node24)) return;
  const options = ['--yes', PNPM, 'install', '--frozen-lockfile', '--reporter=append-only'];
  await runStep('Installing the libraries', 'npx', options, { CI: 'true' });
  writeFileSync(stampFile, stamp);
}

function listWorkspaces() {
  return listFiles(root, ['packages', 'apps', 'infra', 'e2e', 'bench'], (path) =>
    path.endsWith('/package.json'),
  )
    .map((path) => relative(root, dirname(path)))
    .sort();
}

async function buildIfChanged(key) {
  const build = builds[key];
  const isSource = (path) => !/\.test\.tsx?$|\/(dist|node_modules|generated)\//.test(path);
  const stamp =
    stampOfFiles(listFiles(root, build.sources, isSource)) +
    readStamp(join(root, 'node_modules/.waybill-install'));
  const stampFile = join(root, '.stamp', key);
  const isBuilt = build.results.every((path) => existsSync(join(root, path)));
  if (isBuilt && readStamp(stampFile) === stamp) return;
  const [program, options] = build.command();
  await runStep(`Building the ${build.title}`, program, options, build.environment, build.folder);
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, stamp);
}

async function installTestTools() {
  const { code } = await run(process.execPath, [join(root, 'scripts/install-test-tools.mjs')], {});
  if (code !== 0) process.exit(code);
}

/** Runs a step whose output matters only when it fails. Progress is not the output of the command: stderr. */
async function runStep(title, program, options, environment = {}, folder = '.') {
  requireWritable();
  const taken = name === 'start' ? await findTakenPort(process.env) : null;
  if (taken !== null) fail(taken);
  const startedAt = Date.now();
  process.stderr.write(`${title} … `);
  const elapsed = () => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
  const ticker = setInterval(() => process.stderr.write(`${elapsed()} … `), SLOW_AFTER_MS);
  const { code, output } = await run(program, options, environment, folder, 'captured');
  clearInterval(ticker);
  process.stderr.write(code === 0 ? `done in ${elapsed()}\n` : interruptedBy ? 'interrupted\n' : 'failed\n');
  if (interruptedBy) process.exit(128 + constants.signals[interruptedBy]);
  if (code === 0) return;
  process.stderr.write(output);
  fail(`\n${title} failed (${program.split('/').at(-1)} ended with ${code}). What it said is above.`);
}

/** What is installed and built is written into the clone. */
function requireWritable() {
  for (const path of [root, join(root, 'node_modules'), join(root, '.stamp')].filter(existsSync)) {
    try {
      accessSync(path, modes.W_OK);
    } catch {
      fail(
        `${path} cannot be written by this user, and something has to be installed or built. Start Waybill once as ` +
          'the user whose clone it is, or make a clone of your own.',
      );
    }
  }
}

function run(program, options, environment, folder = '.', output = 'inherit') {
  const stdio = output === 'inherit' ? 'inherit' : ['ignore', 'pipe', 'pipe'];
  return new Promise((resolve) => {
    const env = { ...process.env, PATH: `${dirname(node24)}:${process.env.PATH}`, ...environment };
    // A group of its own, which ends as a whole: npx starts pnpm, which starts others.
    const child = spawn(program, options, { cwd: join(root, folder), env, stdio, detached: true });
    running = { child, group: true };
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
    child.once('error', (error) => resolve({ code: 1, output: `${error.message}\n` }));
    child.once('close', (code, signal) => {
      running = null;
      resolve({ code: code ?? 128 + constants.signals[signal], output: said });
    });
  });
}

/** A signal for us is one for what we run; we end when that has ended. */
function passOn(signal) {
  interruptedBy = signal;
  if (!running) process.exit(128 + constants.signals[signal]);
  const { child, group } = running;
  try {
    if (group) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch (error) {
    // It has ended in this moment.
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Ends as the program ends. */
async function handOver(options) {
  const env = { ...process.env, PATH: `${dirname(node24)}:${process.env.PATH}` };
  // Prisma itself asks twice at a time on one connection, which pg deprecates; a person can do nothing about it.
  const flags = ['--enable-source-maps', '--disable-warning=DeprecationWarning'];
  const child = spawn(node24, [...flags, ...options], { cwd: root, env, stdio: 'inherit' });
  running = { child, group: false };
  child.once('error', (error) => fail(error.message));
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
