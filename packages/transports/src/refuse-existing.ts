/** A route may be set not to replace what is at the target already, and no file replaces another one of its transfer. */
import { hasChanged } from './refuse-changed.js';
import { TransportError } from './transport-error.js';
import type { IfExists, Transport } from './transport.js';

export interface NameToTake {
  ifExists: IfExists;
  target: Transport;
  targetPath: string;
  /** What the same transfer has delivered under a name that differs only in upper and lower case; null where nothing. */
  namesake?: () => string | null;
}

/** @throws TransportError `target_exists` where the final name is taken and must not be replaced */
export async function refuseExisting({ ifExists, target, targetPath, namesake }: NameToTake): Promise<void> {
  const other = ifExists === 'replace' ? (namesake?.() ?? null) : null;
  if (ifExists === 'replace' && other === null) return;
  const there = await target.stat(targetPath);
  if (there === null) return;
  if (other === null) {
    const message = `${targetPath} exists at the target already, and the route is set not to replace it. Remove or rename it.`;
    throw new TransportError('target_exists', 'verify', message);
  }
  const delivered = await target.stat(other);
  // Two files, to a target that tells them apart: what it has under this name is an older one.
  if (delivered === null || hasChanged(there, delivered)) return;
  const message =
    `${targetPath} would replace ${other}, which this transfer has just delivered: the target shows one file under ` +
    'both names, as where upper and lower case are the same. Rename one of the two at the source.';
  throw new TransportError('target_exists', 'verify', message);
}
