/** What a process costs, as Linux counts it (proc(5)). Only there; elsewhere the measurements do not run. */
import { readFileSync } from 'node:fs';

/** Linux tells processor time in hundredths of a second to everybody, whatever the kernel's own clock is. */
const TICKS_PER_SECOND = 100;

/** User and system time of a living process, without its children, in seconds. */
export function readCpuSeconds(pid: number): number {
  const fields = readStatFields(pid);
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** User and system time of all children of ours that have ended, with theirs, in seconds. */
export function readEndedChildrenCpuSeconds(): number {
  const fields = readStatFields('self');
  return (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
}

/** The most memory that the process has held at one time (VmHWM), in MB of 10^6 bytes; null where it is gone. */
export function readPeakMemoryMb(pid: number): number | null {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? null : (Number(kib) * 1024) / 1e6;
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** The fields from the third one (state) on: the second one, the name, may hold blanks and brackets. */
function readStatFields(pid: number | 'self'): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
}
