/**
 * Every error that Waybill means, as RFC 9457 problem details: one table of codes with status and title.
 * The title is constant; the detail says what happened this time and what to do.
 */
import { z } from 'zod';

export const PROBLEMS = {
  invalid_input: { status: 400, title: 'The request does not fit the contract' },
  invalid_cursor: { status: 400, title: 'The cursor cannot be used here' },
  not_signed_in: { status: 401, title: 'Sign in, or send an API key' },
  sign_in_failed: { status: 401, title: 'Wrong e-mail or password' },
  set_up_link_invalid: { status: 403, title: 'This set-up link is not valid' },
  wrong_host: { status: 421, title: 'Waybill does not answer to this name' },
  wrong_origin: { status: 403, title: 'The request comes from another site' },
  forbidden: { status: 403, title: 'Your role does not permit this' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'The address does not know this method' },
  too_slow: { status: 408, title: 'The request took too long to arrive' },
  name_taken: { status: 409, title: 'The name is taken' },
  in_use: { status: 409, title: 'It is in use' },
  wrong_state: { status: 409, title: 'Not possible in this state' },
  paused: { status: 409, title: 'Waybill is paused' },
  held: { status: 409, title: 'It is on hold' },
  idempotency_conflict: { status: 409, title: 'The Idempotency-Key was used for another request' },
  password_needed: { status: 409, title: 'The password must be entered again' },
  last_administrator: { status: 409, title: 'The last administrator stays' },
  unprocessable: { status: 422, title: 'The request cannot be carried out' },
  changed_meanwhile: { status: 412, title: 'It has been changed meanwhile' },
  too_large: { status: 413, title: 'The request is too large' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The headers of the request are too large' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  not_ready: { status: 503, title: 'Not ready' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;
const codes = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

export const problem = z
  .object({
    type: z.string().describe('"about:blank#" and the code.'),
    title: z.string(),
    status: z.number().int(),
    code: z.enum(codes),
    detail: z.string().optional(),
    requestId: z.string().optional().describe('Name it when you ask for help.'),
    errors: z
      .array(z.object({ path: z.string().describe('As in "trust.certificateIds.0".'), message: z.string() }))
      .optional()
      .describe('What is wrong with which field.'),
  })
  .meta({ id: 'Problem' });
export type ProblemBody = z.infer<typeof problem>;

/** What every answer that is a problem begins with. */
export function problemBody(code: ProblemCode, detail: string | undefined): ProblemBody {
  return { type: `about:blank#${code}`, ...PROBLEMS[code], code, detail };
}
