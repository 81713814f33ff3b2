/** The one error that transports throw; the kind is for the retry policy, the message for a person. */
import type { FailureKind, Side, StepName, TimelineStep } from '@waybill/contracts/session-facts.js';
import type { SessionRecord } from './transport.js';

/** What a failed move leaves behind, for the record of the attempt. */
export interface MoveTrace {
  /** Bytes that were read from the source. */
  bytes: number;
  /** The steps that `moveFile` itself took; those of the two sessions are in their records. */
  timeline: TimelineStep[];
  /** Whether a temporary file may still be there: it could not be removed, or it must not be. */
  temporaryLeft: boolean;
  /**
   * Of the whole file, lower-case hex, where the target may hold it under either name: to be compared before it is
   * sent again, and not to be removed unseen. Also where `uncertain`.
   */
  sha256: string | null;
  /** Whether the final name was confirmed and holds something else: never to be sent again without asking. */
  uncertain: boolean;
}

export class TransportError extends Error {
  override readonly name = 'TransportError';
  /** Set when a session could not be opened: what was recorded up to the failure. */
  record?: SessionRecord;
  /** Set by `moveFile`. */
  move?: MoveTrace;

  /**
   * @param kind what went wrong, in terms that a machine can act on
   * @param step the step of the timeline at which it went wrong
   * @param message one sentence: what failed and what to do; free of secrets and control characters
   */
  constructor(
    readonly kind: FailureKind,
    readonly step: StepName,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** What one side of a copy ends with because the other one failed: no failure of its own. */
export class OtherSideError extends TransportError {
  constructor(failed: Side) {
    super('internal', 'transfer', `Stopped, because the ${failed} failed.`);
  }
}

/** The other side will not go on in the middle of a file; nothing was sent or changed. */
export class CannotResumeError extends TransportError {}

/** The error of a step that was cancelled by its signal. */
export function cancelledAt(step: StepName): TransportError {
  return new TransportError('cancelled', step, 'It was broken off here: Waybill was told to end it.');
}

/** Any thrown value as a `TransportError`; what is not one already is a fault of our own (`internal`). */
export function asTransportError(error: unknown, step: StepName): TransportError {
  if (error instanceof TransportError) return error;
  return new TransportError('internal', step, 'An unexpected fault stopped the transfer.', { cause: error });
}
