/** The step boundaries of a run at which a test may have the worker killed, to prove that another one goes on. */

export const CRASH_BOUNDARIES = [
  'claimed',
  'planned',
  'temporary-recorded',
  'mid-transfer',
  'part-recorded',
  'transferred',
  'verified',
  'renamed',
  'recorded',
  'after-action-done',
  'before-finish',
] as const;
export type CrashBoundary = (typeof CRASH_BOUNDARIES)[number];

/** Called at each boundary; kills the process, as a power failure would, at the one that the test has chosen. */
export type CrashAt = (boundary: CrashBoundary) => void;

export function crashAt(chosen: CrashBoundary | null): CrashAt {
  return (boundary) => {
    if (boundary === chosen) process.kill(process.pid, 'SIGKILL');
  };
}
