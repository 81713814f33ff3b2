/** Runs the measurements that were asked for, one after the other, on one ground. */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { findTool } from '@waybill/testing/servers/find-tool.js';
import { measureBigFile } from './big-file.js';
import { type Ground, openGround } from './ground.js';
import { measureMemory } from './memory.js';
import type { Results } from './report.js';
import { SMALL_FILE_BYTES, measureSmallFiles } from './small-files.js';

const MIB = 1024 * 1024;
export const MEASUREMENTS = ['big-file', 'small-files', 'memory'] as const;
export type Measurement = (typeof MEASUREMENTS)[number];
/** The least that is expected of any client: what is slower has got stuck. */
const LEAST_BYTES_PER_SECOND = 10 * MIB;
const LEAST_FILES_PER_SECOND = 10;
const START_MS = 30_000;

export interface MeasureOptions {
  measurements: Measurement[];
  mib: number;
  files: number;
  memoryMib: number[];
  rounds: number;
  server: 'vsftpd' | 'proftpd';
  /** Where the worker leaves a profile of its processor time; null for none. */
  profileFolder: string | null;
}

/**
 * What fails is told in the results, and the next measurement follows.
 * @param say one line for each step
 * @throws Error where the ground cannot be prepared, or the signal was aborted
 */
export async function measure(
  options: MeasureOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Results> {
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
  options: MeasureOptions;
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

function describeMachine(server: MeasureOptions['server'], postgresVersion: string): string {
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
