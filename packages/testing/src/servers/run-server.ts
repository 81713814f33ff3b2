import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverGid, serverUid } from './run-folder.js';

/** TCP_LISTEN of the kernel, as /proc/net/tcp writes it. */
const LISTENING = '0A';

export interface RunningServer {
  pid: number;
  /** What it wrote to stdout and stderr, at most the last 64 KiB. Only while the folder is there. */
  output(): string;
  /** True while the process that we started lives. */
  isRunning(): boolean;
  /** Whether it is this server that listens on the port, and not somebody else who was faster. */
  isListeningOn(port: number): boolean;
  /** Ends the server and everything that it started, and waits until all of it is gone. */
  stop(): Promise<void>;
}

/**
 * The server becomes this shell's process; beside it, in the same process group, waits a reader of our pipe.
 * When the pipe closes, because we stopped the server or because the test process died in whatever way, the
 * reader kills the whole group. So no test leaves a server behind, not even one that was killed.
 * vsftpd tells what is wrong with its configuration on descriptor 0, where a client would be: we want to see it.
 */
const script = 'exec 3<&0; (read -r _ <&3; kill -KILL 0) & exec "$@" 3<&- 0>&1';

/** Starts a server as the user for servers, in a process group of its own. */
export function runServer(
  command: string,
  args: string[],
  { folder, env = {} }: { folder: string; env?: Record<string, string> },
): RunningServer {
  // A file, not a pipe: a server must not stall because the test process is busy and does not read.
  const outputFile = join(folder, 'output.log');
  const output = openSync(outputFile, 'a', 0o600);
  const child = spawn('/bin/sh', ['-c', script, 'sh', command, ...args], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C.UTF-8',
      HOME: folder,
      ...env,
    },
    stdio: ['pipe', output, output],
    detached: true,
    ...(process.getuid?.() === 0 ? { uid: serverUid, gid: serverGid } : {}),
  });
  const note = (error: Error) => {
    appendFileSync(outputFile, `${command}: ${error.message}\n`);
  };
  child.on('error', note);
  // Breaks when the server's group is killed from outside.
  child.stdin?.on('error', note);
  closeSync(output);
  const pid = child.pid ?? 0;
  const ended = once(child, 'close').catch(() => undefined);
  return {
    pid,
    output: () => readFileSync(outputFile, 'utf8').slice(-65536),
    isRunning: () => pid !== 0 && child.exitCode === null && child.signalCode === null,
    isListeningOn: (port) => {
      const sockets = findListeners(port).map((inode) => `socket:[${inode}]`);
      if (sockets.length === 0) return false;
      return findServerProcesses(pid).some(
        (one) => readSockets(one)?.some((socket) => sockets.includes(socket)) ?? true,
      );
    },
    stop: async () => {
      if (pid === 0) return;
      await killAll(pid);
      child.stdin?.destroy();
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

/** Inodes of the sockets that listen on a port of whatever address; proc(5), /proc/net/tcp. */
function findListeners(port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/net/${name}`, 'utf8').split('\n'));
  return lines.flatMap((line) => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
    return inode && state === LISTENING && local?.endsWith(suffix) ? [inode] : [];
  });
}

/**
 * What the open descriptors of a process point to. Nothing where it, or one of them, is gone by now: the caller looks
 * again. Null where it does not let us see that: ProFTPD changes its rights, and only root may look into it then.
 */
function readSockets(pid: number): string[] | null {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? null : [];
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
