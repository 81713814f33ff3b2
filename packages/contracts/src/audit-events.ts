import { z } from 'zod';
import { AUDIT_ACTION_NAMES } from './audit-actions.js';
import { pageOf, pageQuery } from './paging.js';
import { id, instant } from './text.js';

export const auditOutcome = z.enum(['succeeded', 'failed', 'denied']);
export const actorKind = z.enum(['user', 'api_key', 'system', 'cli', 'anonymous']);
export type ActorKind = z.infer<typeof actorKind>;

export const auditEvent = z
  .object({
    id,
    occurredAt: instant,
    recordedAt: instant,
    action: z.enum(AUDIT_ACTION_NAMES),
    outcome: auditOutcome,
    actor: z.object({ kind: actorKind, id: id.nullable(), name: z.string() }),
    originIp: z.string().nullable(),
    requestId: z.string().nullable(),
    object: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string() }),
    partnerId: id.nullable(),
    details: z.record(z.string(), z.unknown()).describe('By the catalogue of actions.'),
  })
  .meta({ id: 'AuditEvent' });
export type AuditEvent = z.infer<typeof auditEvent>;

export const auditEventPage = pageOf(auditEvent, 'AuditEventPage');

export const auditEventQuery = pageQuery.extend({
  action: z.enum(AUDIT_ACTION_NAMES).optional(),
  outcome: auditOutcome.optional(),
  actorId: id.optional(),
  objectKind: z.string().max(50).optional(),
  objectId: z.string().max(100).optional(),
  partnerId: id.optional(),
  from: instant.optional().describe('Recorded at or after.'),
  to: instant.optional().describe('Recorded before.'),
  search: z.string().trim().max(100).optional().describe('Part of the name of actor or object.'),
});
export type AuditEventQuery = z.infer<typeof auditEventQuery>;
