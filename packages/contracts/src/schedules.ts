import { z } from 'zod';
import { pageOf, pageQuery } from './paging.js';
import { id, instant, name } from './text.js';

const fields = {
  routeId: id,
  name,
  cron: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .describe('Five fields: minute, hour, day of month, month, day of week.'),
  timeZone: z.string().trim().min(1).max(60).describe('IANA, as in Europe/Zurich.'),
  enabled: z.boolean().optional(),
};
export const scheduleCreate = z.object(fields).meta({ id: 'ScheduleCreate' });
export type ScheduleCreate = z.infer<typeof scheduleCreate>;
export const scheduleUpdate = z
  .object(fields)
  .omit({ routeId: true })
  .partial()
  .meta({ id: 'ScheduleUpdate' });
export type ScheduleUpdate = z.infer<typeof scheduleUpdate>;

export const schedule = z
  .object({
    id,
    route: z.object({ id, name: z.string(), enabled: z.boolean(), held: z.boolean() }),
    name: z.string(),
    cron: z.string(),
    timeZone: z.string(),
    enabled: z.boolean(),
    nextRunAt: instant.nullable(),
    lastRunAt: instant.nullable(),
    nextRuns: z.array(instant).describe('The next five planned runs.'),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Schedule' });
export type Schedule = z.infer<typeof schedule>;
export const schedulePage = pageOf(schedule, 'SchedulePage');
export const scheduleQuery = pageQuery.extend({
  search: z.string().trim().max(100).optional(),
  routeId: id.optional(),
  partnerId: id.optional(),
  enabled: z.enum(['true', 'false']).optional(),
});
export type ScheduleQuery = z.infer<typeof scheduleQuery>;

/** The runs that a schedule would have; for forms, before anything is saved. */
export const schedulePreviewQuery = z.object({
  cron: fields.cron,
  timeZone: fields.timeZone,
  count: z.coerce.number().int().min(1).max(50).optional().describe('5 unless told.'),
});
export type SchedulePreviewQuery = z.infer<typeof schedulePreviewQuery>;
export const schedulePreview = z.object({ runs: z.array(instant) }).meta({ id: 'SchedulePreview' });
