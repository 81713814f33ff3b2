/**
 * Source and target may be one folder under two names that no setting gives away (two accounts with one home, a host
 * by name and by address). Then what is written at the target is seen at the source, and giving it the final name
 * would replace the source.
 */
import { createHash } from 'node:crypto';
import { baseName, folderOf } from '@waybill/contracts/paths.js';
import type { Timeline } from './timeline.js';
import { TransportError } from './transport-error.js';
import type { Entry, Transport } from './transport.js';

interface Ends {
  source: Transport;
  sourcePath: string;
  target: Transport;
  targetPath: string;
  temporaryPath: string;
  signal: AbortSignal;
}

/**
 * Before anything is written: where the temporary name is not in the folder of the final one, a file that is as long
 * as the source may be the source, and an empty file shows whether it is. One that a lost worker or session has left
 * has the same name, and goes with the next look for the same file.
 * @returns what has the name that is to be written under, where that is the final one
 */
export async function refuseSameFile(ends: Ends, entry: Entry, timeline: Timeline): Promise<Entry | null> {
  const { target, targetPath, temporaryPath, signal } = ends;
  const isInItsFolder = folderOf(temporaryPath) === folderOf(targetPath) && temporaryPath !== targetPath;
  if (isInItsFolder) return null;
  const there = await target.stat(targetPath);
  const older = temporaryPath === targetPath ? there : null;
  if (there === null || there.sizeBytes !== entry.sizeBytes) return older;
  const probe = probeOf(ends);
  await target.write(probe, nothing(), { signal });
  let wasThere = false;
  try {
    await refuseSeen(ends, probe);
  } finally {
    wasThere = await removeProbe(target, probe, timeline);
  }
  // Where another transfer to this name has removed it, not to see it at the source shows nothing.
  if (wasThere) return older;
  throw new TransportError(
    'server_error',
    'verify',
    `The empty file ${probe}, which shows whether source and target are the same folder, was taken away before it ` +
      'could. Nothing was changed. If it repeats, ask the partner what clears that folder.',
  );
}

/**
 * Whether what is so long now may be what had its name before ours was begun: some servers put a file in its place only
 * when it is complete.
 */
export function mayBeOlder(older: Entry | null, sizeBytes: number | null): boolean {
  if (older === null) return false;
  return older.sizeBytes === null || sizeBytes === null || older.sizeBytes === sizeBytes;
}

/** A name as the endpoint wants those of files on their way, which no source takes for a file to move. */
function probeOf({ sourcePath, target, targetPath }: Ends): string {
  const { temporaryPrefix, temporarySuffix } = target.policy;
  const id = createHash('sha256')
    .update(JSON.stringify([sourcePath, targetPath]))
    .digest('hex');
  const [, ...parts] = /^(.{8})(.{4})(.{4})(.{4})(.{12})/.exec(id)!;
  return `${folderOf(targetPath)}${temporaryPrefix}probe-waybill-${parts.join('-')}-0${temporarySuffix}`;
}

/** Where the server does not let us, it stays: it has shown what it is for. @returns whether it was there */
async function removeProbe(target: Transport, probe: string, timeline: Timeline): Promise<boolean> {
  try {
    return await target.remove(probe);
  } catch (error) {
    if (!(error instanceof TransportError) || !target.usable) throw error;
    const { message } = error;
    await timeline.time('cleanup', async (note) =>
      note(`The empty file ${probe} stays at the target. ${message}`),
    );
    return true;
  }
}

/** Folders that two sessions have shown to be two: what is so for one file is so for the next. */
const apart = new WeakMap<Transport, WeakMap<Transport, Set<string>>>();

/** When the bytes are at the target under the temporary name. */
export async function refuseSameFolder(ends: Ends): Promise<void> {
  const { source, target, targetPath, temporaryPath } = ends;
  if (temporaryPath === targetPath || areKnownApart(ends)) return;
  await refuseSeen(ends, temporaryPath);
  const known = apart.get(source)?.get(target) ?? new Set();
  known.add(foldersOf(ends));
  if (!apart.has(source)) apart.set(source, new WeakMap());
  apart.get(source)!.set(target, known);
}

/** Whether nothing has to be asked of the source about that any more. */
export function areKnownApart(
  ends: Pick<Ends, 'source' | 'sourcePath' | 'target' | 'temporaryPath'>,
): boolean {
  return apart.get(ends.source)?.get(ends.target)?.has(foldersOf(ends)) === true;
}

function foldersOf({ sourcePath, temporaryPath }: Pick<Ends, 'sourcePath' | 'temporaryPath'>): string {
  return JSON.stringify([folderOf(sourcePath), folderOf(temporaryPath)]);
}

async function refuseSeen({ source, sourcePath }: Ends, writtenAs: string): Promise<void> {
  const seenAs = folderOf(sourcePath) + baseName(writtenAs);
  const seen = await source.stat(seenAs).catch((refusal: unknown) => {
    // Some servers tell nothing about names that begin with a dot, and hide such files.
    if (source.usable) return null;
    throw refusal;
  });
  if (seen === null) return;
  throw new TransportError(
    'name_refused',
    'verify',
    'Source and target of the route are the same folder: what was written at the target is at the source too. ' +
      'Nothing was changed. Choose another folder for one of the two.',
  );
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // An empty file.
}
