/**
 * Moves the files of a run, group by group. Where there are many, some more sessions share the work: most of the
 * time of a small file is waiting for answers. A server that does not want more sessions is moved with one.
 */
import type { RunFailure } from '@waybill/domain/transfers/finish-transfer.js';
import { findDeliveredNames, foldName } from '@waybill/domain/transfers/delivered-names.js';
import { type OpenFile, sumDeliveredBytes } from '@waybill/domain/transfers/settle-files.js';
import { TransportError } from '@waybill/transports/transport-error.js';
import { type Course, newCourse } from './course.js';
import { moveGroup } from './move-group.js';
import type { Run } from './run.js';
import { openSessions } from './sessions.js';

const GROUP_FILES = 50;
/** So few are not worth another login. */
const LEAST_GROUP_FILES = 8;
const GROUP_BYTES = 4 * 1024 * 1024;

/** @returns the first failure that another try may cure; null where there is none */
export async function moveFiles(run: Run, files: OpenFile[]): Promise<RunFailure | null> {
  const { worker, claim, watch } = run;
  watch.progress.movedBytes = await sumDeliveredBytes(worker.database, claim.lease.transferId);
  if (claim.snapshot.ifExists === 'replace')
    for (const [folded, path] of await findDeliveredNames(worker.database, claim.lease.transferId))
      run.deliveredNames.set(folded, path);
  const { alike, others } = partAlike(files);
  // One after the other: each looks whether it would replace one that came before it.
  const groups = alike.length > 0 ? [alike] : [];
  const course = newCourse([...groups, ...groupsOf(others, worker.config.sessionsPerTransfer)]);
  const helpers = Math.min(worker.config.sessionsPerTransfer, course.waiting.length) - 1;
  if (helpers > 0) {
    // Before the helpers: a server that takes one session only shall give it to the run itself.
    await run.sessions.open('source');
    await run.sessions.open('target');
  }
  const helping = Array.from({ length: helpers }, () => help(run, course));
  const own = moveGroups(run, course).catch((error: unknown) => {
    // What ends this run ends the helpers' too.
    course.stop = true;
    throw error;
  });
  const ended = await Promise.allSettled([own, ...helping]);
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  // A group that a helper had to give back.
  await moveGroups(run, course);
  return course.failure;
}

async function moveGroups(run: Run, course: Course): Promise<void> {
  while (!course.stop && !run.watch.signal.aborted) {
    const group = course.waiting.shift();
    if (group === undefined) return;
    await moveGroup(run, group, course);
  }
}

/** Works with two sessions of its own; gives its group back where it cannot have them. */
async function help(run: Run, course: Course): Promise<void> {
  const { worker, claim, watch } = run;
  const sessions = openSessions(worker, claim, watch.signal);
  try {
    // Whoever only helps does not stand in line for a connection.
    await sessions.open('source', 0);
    await sessions.open('target', 0);
    await moveGroups({ ...run, sessions }, course);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const { transferId } = claim.lease;
    worker.log.info({ err: error, transferId }, 'a further session could not be had; the others go on');
  } finally {
    await sessions.close();
  }
}

/** Files whose names may be one name at the target, and all others. */
function partAlike(files: OpenFile[]): { alike: OpenFile[]; others: OpenFile[] } {
  const counts = new Map<string, number>();
  const folded = files.map((file) => foldName(file.targetPath));
  for (const name of folded) counts.set(name, (counts.get(name) ?? 0) + 1);
  const isAlike = (_file: OpenFile, index: number): boolean => counts.get(folded[index]!)! > 1;
  return {
    alike: files.filter(isAlike),
    others: files.filter((file, index) => !isAlike(file, index)),
  };
}

function groupsOf(files: OpenFile[], sessions: number): OpenFile[][] {
  // So that every session gets some, and none is left with a whole group when the others have ended.
  const share = Math.ceil(files.length / (2 * sessions));
  const most = Math.min(GROUP_FILES, Math.max(LEAST_GROUP_FILES, share));
  const groups: OpenFile[][] = [];
  let bytes = 0;
  for (const file of files) {
    // A file of unknown size may be a large one.
    const size = file.sizeBytes ?? GROUP_BYTES;
    const group = groups.at(-1);
    if (group !== undefined && group.length < most && bytes + size <= GROUP_BYTES) {
      group.push(file);
      bytes += size;
    } else {
      groups.push([file]);
      bytes = size;
    }
  }
  return groups;
}
