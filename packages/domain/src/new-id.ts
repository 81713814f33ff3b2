import { v7 } from 'uuid';

/** A UUIDv7 (RFC 9562 §5.7): made here, sortable by the time of making. */
export function newId(): string {
  return v7();
}
