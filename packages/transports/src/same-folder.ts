/**
 * Source and target may be one folder under two names that no setting gives away (two accounts with one home, a host
 * by name and by address). Then what is written at the target is seen at the source, and giving it the final name
 * would replace the source.
 */
import { createHash } from 'node:crypto';
import { baseName, folderOf } from '@waybill/contracts/paths.js';
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
 * has the same name, and goes with the next look at the same target.
 */
export async function refuseSameFile(ends: Ends, entry: Entry): Promise<void> {
  const { target, targetPath, temporaryPath, signal } = ends;
  const isInItsFolder = folderOf(temporaryPath) === folderOf(targetPath) && temporaryPath !== targetPath;
  if (isInItsFolder) return;
  const there = await target.stat(targetPath);
  if (there === null || there.sizeBytes !== entry.sizeBytes) return;
  const id = createHash('sha256').update(targetPath).digest('hex').slice(0, 32);
  const probe = `${folderOf(targetPath)}.waybill-probe-${id}`;
  await target.write(probe, nothing(), { signal });
  let wasThere = false;
  try {
    await refuseSeen(ends, probe);
  } finally {
    wasThere = await target.remove(probe);
  }
  // Where another transfer to this name has removed it, not to see it at the source shows nothing.
  if (wasThere) return;
  throw new TransportError(
    'server_error',
    'verify',
    `The empty file ${probe}, which shows whether source and target are the same folder, was taken away before it ` +
      'could. Nothing was changed. If it repeats, ask the partner what clears that folder.',
  );
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
