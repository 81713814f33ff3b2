/** Tells whether files have changed since the last time, without reading them: by path, size and time. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', 'generated', '.stamp']);

/**
 * All files below the given places (files or folders), in a stable order.
 * @param {string} root
 * @param {string[]} places paths from the root; one that is not there counts as empty
 * @param {(path: string) => boolean} isWanted
 */
export function listFiles(root, places, isWanted) {
  return places
    .flatMap((place) => listBelow(join(root, place)))
    .filter(isWanted)
    .sort();
}

function listBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name) || entry.isSymbolicLink()) return [];
    const inside = join(path, entry.name);
    return entry.isDirectory() ? listBelow(inside) : [inside];
  });
}

/** Changes with every path, size and time of modification (in nanoseconds). */
export function stampOfFiles(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const { size, mtimeNs } = statSync(path, { bigint: true });
    hash.update(`${path}\0${size}\0${mtimeNs}\n`);
  }
  return hash.digest('hex');
}

/** Changes with the contents; for few and small files that may be rewritten without a change. */
export function stampOfContents(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path}\0`).update(readFileSync(path));
  return hash.digest('hex');
}
