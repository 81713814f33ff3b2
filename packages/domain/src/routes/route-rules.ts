/** What makes a route harmful or void, told before it is saved. Pure. */
import { joinPath } from '@waybill/contracts/paths.js';
import { fieldProblem } from '../problem.js';
import { compilePattern } from '../transfers/match-name.js';

/** Which routes can start: they are on, and neither they nor their endpoints are on hold. */
export const STARTABLE = {
  enabled: true,
  heldAt: null,
  source: { heldAt: null },
  target: { heldAt: null },
};

/** One end of a route, as far as it says where files really are. */
export interface RouteEnd {
  id: string;
  protocol: string;
  host: string | null;
  credentialId: string | null;
  rootName: string | null;
  basePath: string;
}

export interface RoutePlan {
  source: RouteEnd;
  sourcePath: string;
  filePattern: string;
  target: RouteEnd;
  targetPath: string;
  afterAction: 'keep' | 'delete' | 'move';
  archivePath: string | null;
}

/** @throws Problem `invalid_input` at the first field that does not fit */
export function checkRoute(plan: RoutePlan): void {
  checkPattern(plan.filePattern);
  const from = { end: plan.source, path: plan.sourcePath };
  const to = { end: plan.target, path: plan.targetPath };
  if (isSamePlace(from, to))
    throw fieldProblem('targetPath', 'is the folder that the files come from; choose another folder');
  if (plan.afterAction !== 'move') {
    if (plan.archivePath !== null)
      throw fieldProblem('archivePath', 'is only for afterAction move; leave it out, or choose move');
    return;
  }
  if (plan.archivePath === null)
    throw fieldProblem('archivePath', 'is needed with afterAction move: where the source file goes');
  const archive = { end: plan.source, path: plan.archivePath };
  if (isSamePlace(archive, from))
    throw fieldProblem(
      'archivePath',
      'is the folder that the files come from: they would be sent again and again',
    );
  if (isSamePlace(archive, to))
    throw fieldProblem(
      'archivePath',
      'is the folder that the files go to: one would take the place of the other',
    );
}

interface Place {
  end: RouteEnd;
  path: string;
}

/**
 * Whether two places are one folder, whichever endpoints name it. A server is the same one by host and account:
 * explicit and implicit FTPS have two ports, and another account may have a home of its own. Folders that are one by
 * what only the server knows (two accounts with one home, two names of one host) are found out by each move.
 */
function isSamePlace(a: Place, b: Place): boolean {
  if (joinPath(a.end.basePath, a.path) !== joinPath(b.end.basePath, b.path)) return false;
  return a.end.protocol === 'local_folder' || b.end.protocol === 'local_folder'
    ? a.end.protocol === b.end.protocol && a.end.rootName === b.end.rootName
    : a.end.host === b.end.host && a.end.credentialId === b.end.credentialId;
}

function checkPattern(pattern: string): void {
  try {
    compilePattern(pattern);
  } catch (cause) {
    throw fieldProblem('filePattern', cause instanceof Error ? cause.message : 'is not a pattern');
  }
}
