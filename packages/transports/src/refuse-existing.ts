/** A route may be set not to replace what is at the target already. */
import { TransportError } from './transport-error.js';
import type { IfExists, Transport } from './transport.js';

/** @throws TransportError `target_exists` where the final name is taken and must not be replaced */
export async function refuseExisting({
  ifExists,
  target,
  targetPath,
}: {
  ifExists: IfExists;
  target: Transport;
  targetPath: string;
}): Promise<void> {
  if (ifExists !== 'fail' || (await target.stat(targetPath)) === null) return;
  throw new TransportError(
    'target_exists',
    'verify',
    `${targetPath} exists at the target already, and the route is set not to replace it. Remove or rename it.`,
  );
}
