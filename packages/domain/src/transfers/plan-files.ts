/** Decides which files of a listing are moved, and why the others are not. Pure. */
import { joinPath } from '@waybill/contracts/paths.js';
import type { RouteSnapshot } from '@waybill/contracts/routes.js';
import { compilePattern } from './match-name.js';
import { isTemporaryName } from './temporary-name.js';

/** As in the transports: one entry of a listing whose name is one plain segment of a path. */
export interface ListedEntry {
  name: string;
  path: string;
  kind: 'file' | 'folder' | 'link' | 'other';
  sizeBytes: number | null;
  modifiedAt: Date | null;
}

export interface ListedFolder {
  entries: ListedEntry[];
  /** Entries whose name cannot be trusted, as shown to people; the transports show so many and no more. */
  refused: { shownAs: string; why: string }[];
}

export interface PlannedFile {
  name: string;
  sourcePath: string;
  targetPath: string;
  sizeBytes: number | null;
  modifiedAt: Date | null;
  /** Null where the file goes. */
  skipReason: string | null;
  /** Set where it should go and cannot. */
  failure: { failureKind: 'not_found'; failureText: string } | null;
}

export interface Choice {
  /** The files of the transfer that is sent again; null for all that match the pattern. */
  onlyNames: ReadonlySet<string> | null;
  /** Files that are not sent again by themselves, by their path, and why. */
  notAgain: ReadonlyMap<string, string>;
}

/** @throws Error where the pattern is not one */
export function planFiles(
  listing: ListedFolder,
  route: Pick<RouteSnapshot, 'sourcePath' | 'filePattern' | 'targetPath'>,
  { onlyNames, notAgain }: Choice = { onlyNames: null, notAgain: new Map() },
): PlannedFile[] {
  const matchesPattern = compilePattern(route.filePattern);
  const wanted = (name: string): boolean => (onlyNames === null ? matchesPattern(name) : onlyNames.has(name));
  const seen = new Set<string>();
  const planned: PlannedFile[] = [];
  const byName = listing.entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const entry of byName) {
    if (entry.kind === 'folder' || isTemporaryName(entry.name) || !wanted(entry.name)) continue;
    planned.push({
      ...planEntry(entry, route.targetPath),
      skipReason: whySkipped(entry, { seen, notAgain }),
    });
    seen.add(entry.name);
  }
  for (const { shownAs, why } of listing.refused)
    planned.push({
      ...planName(shownAs, route),
      skipReason: `The name cannot be used: ${why}.`,
    });
  for (const name of onlyNames ?? [])
    if (!seen.has(name))
      planned.push({
        ...planName(name, route),
        failure: { failureKind: 'not_found', failureText: 'The file is no longer at the source.' },
      });
  return planned;
}

function planEntry(entry: ListedEntry, targetFolder: string): PlannedFile {
  return {
    name: entry.name,
    sourcePath: entry.path,
    targetPath: joinPath(targetFolder, entry.name),
    sizeBytes: entry.sizeBytes,
    modifiedAt: entry.modifiedAt,
    skipReason: null,
    failure: null,
  };
}

function planName(name: string, route: Pick<RouteSnapshot, 'sourcePath' | 'targetPath'>): PlannedFile {
  const entry = { name, path: joinPath(route.sourcePath, name), kind: 'file', sizeBytes: null } as const;
  return planEntry({ ...entry, modifiedAt: null }, route.targetPath);
}

function whySkipped(
  entry: ListedEntry,
  { seen, notAgain }: { seen: ReadonlySet<string>; notAgain: Choice['notAgain'] },
): string | null {
  if (entry.kind === 'link') return 'It is a symbolic link; links are not followed.';
  if (entry.kind === 'other') return 'It is neither a file nor a folder.';
  if (seen.has(entry.name)) return 'The listing shows this name twice.';
  return notAgain.get(entry.path) ?? null;
}
