import { usePaused } from './start-transfer.js';
import { RelativeInstant } from './ui/instant.js';

/** When a transfer that waits is tried next: none is while Waybill is paused. */
export function NextTry({ at }: { at: string }) {
  return <RelativeInstant due at={at} dueWord={usePaused() ? 'after the pause' : 'now'} />;
}
