import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverGid, serverUid } from './run-folder.js';

export interface RunningServer {
  pid: number;
  /** What it wrote to stdout and stderr, the last 64 KiB. */
  output(): string;
  /** True while the process that we started lives. */
  isRunning(): boolean;
  /** Ends the server and everything that it started, and waits until all of it is gone. */
  stop(): Promise<void>;
}

/**
 * The server becomes this shell's process; beside it, in the same process group, waits a reader of our pipe.
 * When the pipe closes, because we stopped the server or because the test process died in whatever way, the
 * reader kills the whole group. So no test leaves a server behind, not even one that was killed.
 */
const script = 'exec 3<&0; (read -r _ <&3; kill -KILL 0) & exec "$@" 3<&- </dev/null';

/** Starts a server as the user for servers, in a process group of its own. */
export function runServer(
  command: string,
  args: string[],
  { folder, env = {} }: { folder: string; env?: Record<string, string> },
): RunningServer {
  const child = spawn('/bin/sh', ['-c', script, 'sh', command, ...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C.UTF-8',
      HOME: folder,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    ...(process.getuid?.() === 0 ? { uid: serverUid, gid: serverGid } : {}),
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-65536);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(`cannot start ${command}: ${error.message}\n`)));
  // The pipe breaks when the server's group is killed from outside; `isRunning` and `output` tell that story.
  child.stdin.on('error', (error) => keep(Buffer.from(`pipe to ${command}: ${error.message}\n`)));
  const pid = child.pid ?? 0;
  const ended = once(child, 'close').catch(() => undefined);
  return {
    pid,
    output: () => output,
    isRunning: () => pid !== 0 && child.exitCode === null && child.signalCode === null,
    stop: async () => {
      if (pid === 0) return;
      await killAll(pid);
      child.stdin.destroy();
      await ended;
    },
  };
}

/** Kills the group and the descendants that left it, until none is left. */
async function killAll(pid: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const left = findServerProcesses(pid);
    if (left.length === 0) return;
    if (Date.now() > deadline)
      throw new Error(`processes ${left.join(', ')} of a test server survive SIGKILL`);
    for (const one of left) kill(one);
    await sleep(10);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Living processes that are in the group `pid` or descend from `pid`; zombies do not count. */
export function findServerProcesses(pid: number): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      // proc(5): pid (name) state ppid pgrp; the name may hold blanks and brackets.
      const fields =
        readStat(name)
          ?.replace(/^.*\) /s, '')
          .split(' ') ?? [];
      const [state, parent, group] = fields;
      return state && !'ZX'.includes(state)
        ? [{ pid: +name, parent: Number(parent), group: Number(group) }]
        : [];
    });
  const found = new Set(all.filter((one) => one.pid === pid || one.group === pid).map((one) => one.pid));
  for (let before = -1; before < found.size;) {
    before = found.size;
    for (const one of all) if (found.has(one.parent)) found.add(one.pid);
  }
  return [...found];
}

function readStat(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It ended while we were looking.
    return undefined;
  }
}
