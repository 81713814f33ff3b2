/** The one error that Waybill means; `PROBLEMS` in the contracts has every code with its status and title. */
import { PROBLEMS, type ProblemCode } from '@waybill/contracts/problems.js';

export interface FieldError {
  /** As in `trust.certificateIds.0`. */
  path: string;
  message: string;
}

export class Problem extends Error {
  override readonly name = 'Problem';
  readonly errors: FieldError[] | undefined;

  /** @param detail what happened this time and what to do; may be shown to the caller */
  constructor(
    readonly code: ProblemCode,
    readonly detail?: string,
    options?: { cause?: unknown; errors?: FieldError[] },
  ) {
    super(detail ?? PROBLEMS[code].title, options);
    this.errors = options?.errors;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}

/** A problem with one field of the input. */
export function fieldProblem(path: string, message: string): Problem {
  return new Problem('invalid_input', `${path}: ${message}`, { errors: [{ path, message }] });
}
