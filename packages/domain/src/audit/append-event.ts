/** Adds to the audit log, in the transaction of the change that the event describes. */
import { randomBytes } from 'node:crypto';
import { AUDIT_ACTIONS, type AuditAction, type AuditDetails } from '@waybill/contracts/audit-actions.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { newId } from '../new-id.js';

export interface AuditObject {
  /** The noun, as in `partner` or `transfer_file`. */
  kind: string;
  id: string | null;
  /** As people know it. */
  name: string;
}

export interface NewEvent<Action extends AuditAction> {
  action: Action;
  object: AuditObject;
  details: AuditDetails<Action>;
  /** `succeeded` unless told. */
  outcome?: 'succeeded' | 'failed' | 'denied';
  partnerId?: string | null;
}

/**
 * Inserts one event. Details are checked against the catalogue, so a field that it does not name never gets in.
 * @throws ZodError where the details do not fit: a fault of ours, which undoes the change as well
 */
export async function appendEvent<Action extends AuditAction>(
  tx: Tx,
  actor: Actor,
  event: NewEvent<Action>,
): Promise<void> {
  await appendEvents(tx, actor, [event]);
}

/** The same for several events in one statement. */
export async function appendEvents(tx: Tx, actor: Actor, events: NewEvent<AuditAction>[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({
    id: newId(),
    action: event.action,
    outcome: event.outcome ?? 'succeeded',
    object_kind: event.object.kind,
    object_id: event.object.id,
    object_name: event.object.name,
    partner_id: event.partnerId ?? null,
    details: AUDIT_ACTIONS[event.action].parse(event.details),
    salt: `\\x${randomBytes(16).toString('hex')}`,
  }));
  // What the database gives itself (when, which place, which transaction) is not named: nobody may.
  await tx.$executeRaw`
    INSERT INTO audit_event (id, occurred_at, action, outcome, actor_kind, actor_id, actor_name, origin_ip,
      request_id, object_kind, object_id, object_name, partner_id, details, salt)
    SELECT id, ${new Date()}::timestamptz, action, outcome, ${actor.kind}::actor_kind, ${actor.id}::uuid, ${actor.name},
      ${actor.originIp}, ${actor.requestId}, object_kind, object_id, object_name, partner_id, details, salt
    FROM jsonb_populate_recordset(NULL::audit_event, ${JSON.stringify(rows)}::jsonb)`;
}
