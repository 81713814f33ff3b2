/** Whether there is room to write. */
import { statfs } from 'node:fs/promises';
import type { CliConfig } from '../config.js';
import { type Finding, fail, ok, warn } from './finding.js';

const FAIL_BYTES = 1024 ** 3;
const WARN_BYTES = 5 * 1024 ** 3;

export async function checkDisk(config: CliConfig): Promise<Finding[]> {
  const folders = new Map(config.localRoots.map((root) => [`disk of local root ${root.name}`, root.path]));
  if (config.dataFolder !== null) folders.set('disk of the data folder', config.dataFolder);
  return Promise.all([...folders].map(([what, folder]) => checkFolder(what, folder)));
}

async function checkFolder(what: string, folder: string): Promise<Finding> {
  try {
    const found = await statfs(folder);
    return diskFinding(what, found.bavail * found.bsize);
  } catch (error) {
    return fail(what, `${folder}: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`, 'Make the folder.');
  }
}

export function diskFinding(what: string, freeBytes: number): Finding {
  const detail = `${(freeBytes / 1024 ** 3).toFixed(1)} GiB free`;
  if (freeBytes < FAIL_BYTES) return fail(what, detail, 'Free some space: transfers will fail.');
  if (freeBytes < WARN_BYTES) return warn(what, detail, 'Free some space soon.');
  return ok(what, detail);
}
