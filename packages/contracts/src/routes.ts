import { z } from 'zod';
import { standingDeviation } from './exceptions.js';
import { pageOf, pageQuery } from './paging.js';
import { UNPRINTABLE, folderPath, id, instant, name } from './text.js';

export const afterAction = z.enum(['keep', 'delete', 'move']);
export const ifExists = z.enum(['replace', 'fail']);

const filePattern = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(200)
  .refine((text) => !UNPRINTABLE.test(text) && !/[/\\]/.test(text), 'is a pattern for names, without / or \\')
  .describe('A glob over file names, as in PAY_*.csv or {a,b}-*.xml.');

const fields = {
  name,
  partnerId: id.nullable().optional(),
  sourceEndpointId: id,
  sourcePath: folderPath,
  filePattern: filePattern.optional(),
  targetEndpointId: id,
  targetPath: folderPath,
  ifExists: ifExists
    .optional()
    .describe('What happens when the target has a file of that name; replace unless told.'),
  afterAction: afterAction
    .optional()
    .describe('What happens to the source after delivery; keep unless told.'),
  archivePath: folderPath.nullable().optional().describe('Where the source goes, with move.'),
  maxTries: z
    .number()
    .int()
    .min(1, 'must be 1 to 100')
    .max(100, 'must be 1 to 100')
    .optional()
    .describe('5 unless told.'),
  enabled: z
    .boolean()
    .optional()
    .describe(
      'A route that is not enabled starts nothing. What runs ends its try; what is queued or waits for another try is held until the route is enabled again.',
    ),
};

export const routeCreate = z.object(fields).meta({ id: 'RouteCreate' });
export type RouteCreate = z.infer<typeof routeCreate>;
export const routeUpdate = z.object(fields).partial().meta({ id: 'RouteUpdate' });
export type RouteUpdate = z.infer<typeof routeUpdate>;

const end = z.object({
  id,
  name: z.string(),
  protocol: z.string(),
  partnerName: z.string().nullable(),
  held: z.boolean().describe('Whether this endpoint is on hold: then the route cannot start.'),
  deviations: z
    .array(standingDeviation)
    .describe('What weakens protection or proof there; works only while an exception covers it.'),
});

export const route = z
  .object({
    id,
    name: z.string(),
    partner: z.object({ id, name: z.string() }).nullable(),
    source: end,
    sourcePath: z.string(),
    filePattern: z.string(),
    target: end,
    targetPath: z.string(),
    ifExists,
    afterAction,
    archivePath: z.string().nullable(),
    maxTries: z.number().int(),
    enabled: z.boolean(),
    heldAt: instant.nullable(),
    heldReason: z.string().nullable(),
    scheduleCount: z.number().int(),
    nextRunAt: instant.nullable(),
    lastTransfer: z.object({ id, state: z.string(), createdAt: instant }).nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Route' });
export type Route = z.infer<typeof route>;
export const routePage = pageOf(route, 'RoutePage');
export const routeQuery = pageQuery.extend({
  search: z.string().trim().max(100).optional(),
  partnerId: id.optional(),
  endpointId: id.optional().describe('As source or as target.'),
  enabled: z.enum(['true', 'false']).optional(),
  held: z.enum(['true', 'false']).optional(),
});
export type RouteQuery = z.infer<typeof routeQuery>;

/** The route as it was when a transfer was asked for; what the worker runs. */
export const routeSnapshot = z.object({
  name: z.string(),
  sourceEndpointId: id,
  sourceEndpointName: z.string(),
  sourcePath: z.string(),
  filePattern: z.string(),
  targetEndpointId: id,
  targetEndpointName: z.string(),
  targetPath: z.string(),
  ifExists,
  afterAction,
  archivePath: z.string().nullable(),
  maxTries: z.number().int(),
});
export type RouteSnapshot = z.infer<typeof routeSnapshot>;
