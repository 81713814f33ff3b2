/**
 * Measures Waybill and its peers side by side on this machine; README.md says how to read it.
 *
 *     npm run bench -- [big-file] [small-files] [memory] [--mib N] [--files N] [--memory-mib N,N] [--rounds N]
 *                      [--server vsftpd|proftpd] [--json] [--profile FOLDER]
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { findTool } from '@waybill/testing/servers/find-tool.js';
import { measureBigFile } from './big-file.js';
import { type Ground, openGround } from './ground.js';
import { measureMemory } from './memory.js';
import { type Results, formatResults } from './report.js';
import { SMALL_FILE_BYTES, measureSmallFiles } from './small-files.js';

const MIB = 1024 * 1024;
const MEASUREMENTS = ['big-file', 'small-files', 'memory'] as const;
type Measurement = (typeof MEASUREMENTS)[number];
/** The least that is expected of any client: what is slower has got stuck. */
const LEAST_BYTES_PER_SECOND = 10 * MIB;
const LEAST_FILES_PER_SECOND = 10;
const START_MS = 30_000;

interface Options {
  measurements: Measurement[];
  mib: number;
  files: number;
  memoryMib: number[];
  rounds: number;
  server: 'vsftpd' | 'proftpd';
  json: boolean;
  profileFolder: string | null;
}

/** @throws Error that says which argument is wrong */
function readOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      mib: { type: 'string', default: '1024' },
      files: { type: 'string', default: '1000' },
      'memory-mib': { type: 'string', default: '100,2048' },
      rounds: { type: 'string', default: '3' },
      server: { type: 'string', default: 'vsftpd' },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  const whole = (name: string, text: string, most: number): number => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= 1 && number <= most) return number;
    throw new Error(`--${name}: "${text}" is not a whole number from 1 to ${most}.`);
  };
  for (const name of positionals)
    if (!MEASUREMENTS.includes(name as Measurement))
      throw new Error(`There is no measurement "${name}". There are ${MEASUREMENTS.join(', ')}.`);
  if (values.server !== 'vsftpd' && values.server !== 'proftpd')
    throw new Error(`--server: "${values.server}" is neither vsftpd nor proftpd.`);
  return {
    measurements: positionals.length === 0 ? [...MEASUREMENTS] : (positionals as Measurement[]),
    mib: whole('mib', values.mib, 100_000),
    files: whole('files', values.files, 100_000),
    memoryMib: values['memory-mib']
      .split(',')
      .map((text) => whole('memory-mib', text, 100_000))
      .toSorted((a, b) => a - b),
    rounds: whole('rounds', values.rounds, 99),
    server: values.server,
    json: values.json,
    profileFolder: values.profile ?? null,
  };
}

async function measure(options: Options, signal: AbortSignal): Promise<Results> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const largestBytes = Math.max(options.mib, ...options.memoryMib) * MIB;
  const results: Results = { machine: '', failures: [] };
  const ground = await openGround({
    server: options.server,
    bytesNeeded: 2 * largestBytes + 2 * options.files * SMALL_FILE_BYTES,
    timeoutMs:
      START_MS +
      (1000 * largestBytes) / LEAST_BYTES_PER_SECOND +
      (1000 * options.files) / LEAST_FILES_PER_SECOND,
    signal,
    profileFolder: options.profileFolder,
  });
  try {
    results.machine = describeMachine(options.server, ground.product.postgresVersion);
    for (const measurement of options.measurements) {
      try {
        await MEASURE[measurement](ground, { options, results, say });
      } catch (error) {
        signal.throwIfAborted();
        results.failures.push(`${measurement}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    await ground.close();
  }
  return results;
}

interface Task {
  options: Options;
  results: Results;
  say: (line: string) => void;
}

const MEASURE: Record<Measurement, (ground: Ground, task: Task) => Promise<void>> = {
  async 'big-file'(ground, { options, results, say }) {
    const title = `big-file: ${options.mib} MiB, median of ${options.rounds}`;
    results.bigFile = { title, comparisons: await measureBigFile(ground, options, say) };
  },
  async 'small-files'(ground, { options, results, say }) {
    const title = `small-files: ${options.files} files of ${SMALL_FILE_BYTES / 1000} kB, median of ${options.rounds}`;
    results.smallFiles = { title, comparisons: await measureSmallFiles(ground, options, say) };
  },
  async memory(ground, { options, results, say }) {
    results.memory = await measureMemory(ground, { sizesMib: options.memoryMib }, say);
    if (!results.memory.isFlat)
      results.failures.push(
        `memory: it grows by ${results.memory.growthMb.toFixed(1)} MB with the file's size`,
      );
  },
};

function describeMachine(server: Options['server'], postgresVersion: string): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return [
    `${cpus().length} cores (${model})`,
    `Node ${process.versions.node}`,
    `Postgres ${postgresVersion.split(' ')[0]}`,
    `${server} ${versionOf(server, '-v')}, explicit FTPS, session reuse required`,
    `curl ${versionOf('curl', '--version')}`,
    `lftp ${versionOf('lftp', '--version')}`,
  ].join(' · ');
}

function versionOf(tool: string, flag: string): string {
  // vsftpd tells its version on descriptor 0, where a client would be.
  const script = 'exec "$0" "$1" 0>&1';
  const said = execFileSync('/bin/sh', ['-c', script, findTool(tool), flag], { encoding: 'utf8' });
  return /\d+(\.\d+)+/.exec(said)?.[0] ?? '';
}

let options: Options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(2);
}
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => stopping.abort(new Error(`Stopped by ${signal}.`)));
try {
  const results = await measure(options, stopping.signal);
  process.stdout.write(options.json ? `${JSON.stringify(results, null, 2)}\n` : formatResults(results));
  process.exitCode = results.failures.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = stopping.signal.aborted ? 130 : 1;
}
