/** Runs the measurements that were asked for, one after the other, on one ground. */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { findTool } from '@waybill/testing/servers/find-tool.js';
import { measureBigFile } from './big-file.js';
import { type Ground, type ServerName, openGround } from './ground.js';
import { measureMemory } from './memory.js';
import type { Results } from './report.js';
import { measureSmallFiles } from './small-files.js';

const MIB = 1024 * 1024;
export const MEASUREMENTS = ['big-file', 'small-files', 'memory'] as const;
export type Measurement = (typeof MEASUREMENTS)[number];
export const SERVERS: ServerName[] = ['vsftpd', 'proftpd'];
/** The least that is expected of any client: what is slower has got stuck. */
const LEAST_BYTES_PER_SECOND = 10 * MIB;
const LEAST_FILES_PER_SECOND = 5;
const START_MS = 30_000;

export interface MeasureOptions {
  measurements: Measurement[];
  servers: ServerName[];
  mib: number;
  files: number;
  /** How many where a round trip takes time. */
  delayedFiles: number;
  fileBytes: number[];
  connections: number[];
  /** 0 is without a proxy. */
  rttMs: number[];
  memoryMib: number[];
  rounds: number;
  /** Where the worker leaves a profile of its processor time; null for none. */
  profileFolder: string | null;
}

interface Task {
  options: MeasureOptions;
  results: Results;
  say: (line: string) => void;
  signal: AbortSignal;
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
  const results: Results = { machine: '', sections: [], failures: [] };
  const task = { options, results, say, signal };
  const wants = (measurement: Measurement): boolean => options.measurements.includes(measurement);
  for (const server of options.servers)
    for (const rttMs of new Set([0, ...options.rttMs])) {
      const works: Work[] = [];
      if (rttMs === 0 && wants('big-file')) works.push(moveBigFile);
      if (options.rttMs.includes(rttMs) && wants('small-files')) works.push(moveSmallFiles);
      // The worker's memory does not depend on who is at the other end.
      if (rttMs === 0 && server === options.servers[0] && wants('memory')) works.push(watchMemory);
      if (works.length > 0) await measureOn({ server, rttMs }, works, task);
    }
  return results;
}

interface Place {
  server: ServerName;
  rttMs: number;
}

type Work = (ground: Ground, task: Task, place: Place) => Promise<void>;

async function measureOn(place: Place, works: Work[], task: Task): Promise<void> {
  const { options, results, say, signal } = task;
  const largestBytes = Math.max(options.mib, ...options.memoryMib) * MIB;
  const filesBytes = options.files * options.fileBytes.reduce((sum, bytes) => sum + bytes, 0);
  const runsOfFiles = (6 * options.rounds + 2) * options.connections.length;
  say(`${place.server}, ${sayRtt(place.rttMs)}`);
  const ground = await openGround({
    ...place,
    bytesNeeded: 2 * largestBytes + (2 + runsOfFiles) * filesBytes,
    timeoutMs:
      START_MS +
      (1000 * largestBytes) / LEAST_BYTES_PER_SECOND +
      (1000 * options.files) / LEAST_FILES_PER_SECOND,
    signal,
    profileFolder: options.profileFolder,
  });
  try {
    results.machine ||= describeMachine(options.servers, ground.product.postgresVersion);
    for (const work of works) {
      try {
        await work(ground, task, place);
      } catch (error) {
        signal.throwIfAborted();
        const where = `${place.server}, ${sayRtt(place.rttMs)}`;
        results.failures.push(`${where}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    await ground.close();
  }
}

async function moveBigFile(ground: Ground, { options, results, say }: Task, place: Place): Promise<void> {
  const title = `big-file: ${place.server}, ${options.mib} MiB, median of ${options.rounds}`;
  results.sections.push({ title, comparisons: await measureBigFile(ground, options, say) });
}

async function moveSmallFiles(ground: Ground, { options, results, say }: Task, place: Place): Promise<void> {
  const { connections, rounds } = options;
  const files = place.rttMs === 0 ? options.files : options.delayedFiles;
  for (const fileBytes of options.fileBytes) {
    const title = `small-files: ${place.server}, ${sayRtt(place.rttMs)}, ${files} files of ${fileBytes} bytes, median of ${rounds}`;
    const comparisons = await measureSmallFiles(ground, { files, fileBytes, connections, rounds }, say);
    results.sections.push({ title, comparisons });
  }
}

async function watchMemory(ground: Ground, { options, results, say }: Task): Promise<void> {
  results.memory = await measureMemory(ground, { sizesMib: options.memoryMib }, say);
  if (results.memory.isFlat) return;
  const growth = results.memory.growthMb.toFixed(1);
  results.failures.push(`memory: it grows by ${growth} MB with the file's size`);
}

function sayRtt(rttMs: number): string {
  return rttMs === 0 ? 'no delay' : `${rttMs} ms of round trip`;
}

function describeMachine(servers: ServerName[], postgresVersion: string): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return [
    `${cpus().length} cores (${model})`,
    `Node ${process.versions.node}`,
    `Postgres ${postgresVersion.split(' ')[0]}`,
    ...servers.map((server) => `${server} ${versionOf(server, '-v')}`),
    'explicit FTPS, session reuse required',
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
