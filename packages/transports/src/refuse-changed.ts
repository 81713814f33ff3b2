/** A file that is not as it was seen before may be another one by now, or still be written. */
import { countOf } from '@waybill/contracts/count-of.js';
import { TransportError } from './transport-error.js';
import type { Seen } from './transport.js';

/** By its size, and by its time where that was told before. */
export function hasChanged(before: Seen, now: Seen): boolean {
  return (
    now.sizeBytes !== before.sizeBytes ||
    (before.modifiedAt !== null && now.modifiedAt?.getTime() !== before.modifiedAt.getTime())
  );
}

/** Before it is read. @throws TransportError `source_changed` */
export function refuseChanged(path: string, expected: Seen | undefined, now: Seen): void {
  if (expected === undefined || !hasChanged(expected, now)) return;
  const sizes =
    expected.sizeBytes === now.sizeBytes
      ? ''
      : ` (${countOf(expected.sizeBytes, 'byte')} then, ${countOf(now.sizeBytes, 'byte')} now)`;
  const message = `${path} has changed since it was looked at${sizes}; nothing of it was read. It may still be written.`;
  throw new TransportError('source_changed', 'transfer', message);
}
