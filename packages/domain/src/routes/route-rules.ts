/** What makes a route harmful or void, told before it is saved. Pure. */
import { joinFolders } from '../folder-path.js';
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
  port: number | null;
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
  const from = folderOf(plan.source, plan.sourcePath);
  const to = folderOf(plan.target, plan.targetPath);
  if (from === to)
    throw fieldProblem('targetPath', 'is the folder that the files come from; choose another folder');
  if (plan.afterAction !== 'move') {
    if (plan.archivePath !== null)
      throw fieldProblem('archivePath', 'is only for afterAction move; leave it out, or choose move');
    return;
  }
  if (plan.archivePath === null)
    throw fieldProblem('archivePath', 'is needed with afterAction move: where the source file goes');
  const archive = folderOf(plan.source, plan.archivePath);
  if (archive === from)
    throw fieldProblem(
      'archivePath',
      'is the folder that the files come from: they would be sent again and again',
    );
  if (archive === to)
    throw fieldProblem(
      'archivePath',
      'is the folder that the files go to: one would take the place of the other',
    );
}

/**
 * The folder that is really meant, whichever endpoint says so: two endpoints may name the same one.
 * Accounts see different folders, so the credential is part of a server's identity.
 */
function folderOf(end: RouteEnd, path: string): string {
  const folder = joinFolders(end.basePath, path);
  if (end.protocol === 'local_folder') return JSON.stringify(['local', end.rootName, folder]);
  return JSON.stringify(['server', end.host, end.credentialId, folder]);
}

function checkPattern(pattern: string): void {
  try {
    compilePattern(pattern);
  } catch (cause) {
    throw fieldProblem('filePattern', cause instanceof Error ? cause.message : 'is not a pattern');
  }
}
