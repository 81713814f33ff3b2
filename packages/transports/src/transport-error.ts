/** The one error that transports throw; the kind is for the retry policy, the message for a person. */
import type { FailureKind, Side, StepName, TimelineStep } from '@waybill/contracts/session-facts.js';
import type { PartialFile } from './partial-file.js';
import type { SessionRecord } from './transport.js';

/** What a failed move leaves behind, for the record of the attempt. */
export interface MoveTrace {
  /** Bytes that were read from the source. */
  bytes: number;
  /** The steps that `moveFile` itself took; those of the two sessions are in their records. */
  timeline: TimelineStep[];
  /** Whether a temporary file may still be there: it could not be removed, or it must not be. */
  temporaryLeft: boolean;
  /** The name that the bytes were written under. */
  temporaryPath: string;
  /** What was left on purpose, for another try to go on with. */
  partial: PartialFile | null;
  /** How many bytes of an earlier try it had gone on with; null where it had not. */
  resumedFromBytes: number | null;
  /**
   * Of the whole file, lower-case hex, where the target may hold it under either name: to be compared before it is
   * sent again, and not to be removed unseen. Also where `uncertain`.
   */
  sha256: string | null;
  /**
   * Whether only its owner can tell what there is under the final name: it was confirmed and holds something else, or
   * the file was written under it, all of it was sent, and it was not seen there. Or the source is gone, and what is left
   * may be a part.
   * Never to be sent again without asking.
   */
  uncertain: boolean;
  /** Whether the source does not have the file any more, so that it cannot be sent again at all. */
  sourceGone: boolean;
  /** Whether that cannot be told, as its session was lost when all had been read: what is left may be the only copy. */
  sourceUnclear: boolean;
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

/** The code of the server's reply that a failure was made of; null where the server said nothing. */
export function replyCodeIn(failure: unknown): number | null {
  let error = failure;
  while (error instanceof TransportError) {
    const cause: unknown = error.cause;
    const code = (cause as { code?: unknown } | null | undefined)?.code;
    if (typeof code === 'number') return code;
    error = cause;
  }
  return null;
}

/** The other side will not go on in the middle of a file; nothing was sent or changed. */
export class CannotResumeError extends TransportError {}

/** What is at the target is not as long as what was sent. */
export class WrongSizeError extends TransportError {
  /** @param sizeBytes what is there; null where there is no file, or its size is not told */
  constructor(
    message: string,
    readonly sizeBytes: number | null,
  ) {
    super('size_mismatch', 'verify', message);
  }
}

/** What was sent has another hash, as one side says. */
export class WrongHashError extends TransportError {
  constructor(
    message: string,
    readonly side: Side,
  ) {
    super('hash_mismatch', 'verify', message);
  }
}

/** The error of a step that was cancelled by its signal. */
export function cancelledAt(step: StepName): TransportError {
  return new TransportError('cancelled', step, 'It was broken off here: Waybill was told to end it.');
}

/** Any thrown value as a `TransportError`; what is not one already is a fault of our own (`internal`). */
export function asTransportError(error: unknown, step: StepName): TransportError {
  if (error instanceof TransportError) return error;
  return new TransportError(
    'internal',
    step,
    'An unexpected fault stopped the transfer. The log of Waybill says more.',
    { cause: error },
  );
}
