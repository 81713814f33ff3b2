/**
 * Exceptions: justified, approved deviations from what is required, each with an owner and an end. Without one that is
 * in force, a worker opens no session on an endpoint that deviates.
 */
import { z } from 'zod';
import { pageOf, pageQuery } from './paging.js';
import { id, instant } from './text.js';

export const deviation = z
  .enum(['plain_ftp', 'clear_data', 'no_verification'])
  .describe(
    'plain_ftp: no encryption at all, password included. clear_data: files and listings in the clear (PROT C), the password encrypted. no_verification: written files are not compared.',
  );
export type Deviation = z.infer<typeof deviation>;

/** An exception lasts so long at most. */
export const MAX_EXCEPTION_DAYS = 365;

export const exceptionRequest = z
  .object({
    deviations: z.array(deviation).min(1, 'must name at least one deviation').max(10),
    justification: z
      .string()
      .trim()
      .min(10, 'say why, in at least 10 characters')
      .max(2000)
      .describe('Why the deviation is needed, and what makes it bearable.'),
    endsAt: instant.describe(`When it ends by itself; within ${MAX_EXCEPTION_DAYS} days.`),
  })
  .meta({ id: 'ExceptionRequest' });
export type ExceptionRequest = z.infer<typeof exceptionRequest>;

export const exceptionState = z
  .enum(['requested', 'in_force', 'expired', 'ended'])
  .describe(
    'in_force: approved, and before its end. expired: past its end. ended: by a person, before that.',
  );
export type ExceptionState = z.infer<typeof exceptionState>;

export const exception = z
  .object({
    id,
    endpoint: z.object({ id, name: z.string() }),
    host: z
      .string()
      .describe('The server that it was asked for; another host of the endpoint is not covered.'),
    deviations: z.array(deviation),
    justification: z.string(),
    state: exceptionState,
    requestedBy: z.string(),
    approvedBy: z.string().nullable(),
    approvedAt: instant.nullable(),
    selfApproved: z
      .boolean()
      .describe('Approved by who asked for it, because there was no other administrator.'),
    endsAt: instant,
    endedBy: z.string().nullable(),
    endedAt: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: 'Exception' });
export type Exception = z.infer<typeof exception>;
export const exceptionPage = pageOf(exception, 'ExceptionPage');
export const exceptionQuery = pageQuery.extend({
  endpointId: id.optional(),
  state: exceptionState.optional(),
});
export type ExceptionQuery = z.infer<typeof exceptionQuery>;

/** How an endpoint deviates, and whether it may. */
export const standingDeviation = z.object({
  kind: deviation,
  coveredBy: id.nullable().describe('The exception in force that permits it; null where none does.'),
  coveredUntil: instant.nullable(),
});
export type StandingDeviation = z.infer<typeof standingDeviation>;
