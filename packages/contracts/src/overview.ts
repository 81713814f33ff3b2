import { z } from 'zod';
import { exceptionState } from './exceptions.js';
import { id, instant } from './text.js';
import { failedEnd, transferSummary, transferState } from './transfers.js';

export const standingPause = z.object({ at: instant, by: z.string(), reason: z.string() });
export type StandingPause = z.infer<typeof standingPause>;

export const troubledTransfer = transferSummary
  .extend({
    failedEnd,
    uncertainCount: z
      .number()
      .int()
      .describe(
        'Files of which only a person can tell whether they arrived: ask before they are sent again.',
      ),
  })
  .meta({ id: 'TroubledTransfer' });
export type TroubledTransfer = z.infer<typeof troubledTransfer>;

/** What somebody wants to know at 3 a.m.: what runs, what failed, what is due, what is stopped. */
export const overview = z
  .object({
    paused: standingPause.nullable(),
    workers: z.object({ alive: z.number().int(), lastSeenAt: instant.nullable() }),
    counts: z.object({
      running: z.number().int(),
      queued: z.number().int(),
      waiting: z.number().int(),
      held: z.number().int(),
      failed24h: z.number().int(),
      succeeded24h: z.number().int(),
      partial24h: z.number().int(),
      bytes24h: z.number(),
      heldRoutes: z.number().int(),
      heldEndpoints: z.number().int(),
    }),
    running: z.array(transferSummary).describe('At most ten.'),
    troubled: z
      .array(troubledTransfer)
      .describe(
        'Held now, then failed or partial within 24 hours and not made good by a later transfer of the route that delivered its files, then waiting; the newest of each first, at most ten.',
      ),
    due: z
      .array(
        z.object({
          scheduleId: id,
          scheduleName: z.string(),
          routeId: id,
          routeName: z.string(),
          dueAt: instant,
        }),
      )
      .describe('The next ten planned runs.'),
    expiringCertificates: z
      .array(z.object({ id, name: z.string(), notAfter: instant }))
      .describe('Within 60 days; at most ten.'),
    exceptions: z
      .array(
        z.object({
          id,
          endpointId: id,
          endpointName: z.string(),
          state: exceptionState,
          endsAt: instant,
        }),
      )
      .describe('Those that wait for approval, then those in force that end within 14 days; at most ten.'),
  })
  .meta({ id: 'Overview' });
export type Overview = z.infer<typeof overview>;

export const pause = z.object({ reason: z.string().trim().min(3, 'say why').max(200) }).meta({ id: 'Pause' });
export type Pause = z.infer<typeof pause>;

/** What transfers that ended in one state add up to. */
export const endedTotal = z.object({
  state: transferState,
  count: z.number(),
  deliveredFiles: z.number(),
  movedBytes: z.number(),
});
export type EndedTotal = z.infer<typeof endedTotal>;
/** The setting that keeps these sums: of all transfers that ended before `until`. */
export const endedTotals = z.object({ until: instant, totals: z.array(endedTotal) });
