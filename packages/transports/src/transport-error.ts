/** The one error that transports throw; the kind is for the retry policy, the message for a person. */
import type { FailureKind, StepName } from '@waybill/contracts/session-facts.js';

export class TransportError extends Error {
  override readonly name = 'TransportError';

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
