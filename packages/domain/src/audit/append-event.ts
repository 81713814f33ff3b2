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
  const occurredAt = new Date();
  await tx.auditEvent.createMany({
    data: events.map((event) => ({
      id: newId(),
      occurredAt,
      action: event.action,
      outcome: event.outcome ?? 'succeeded',
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: actor.name,
      originIp: actor.originIp,
      requestId: actor.requestId,
      objectKind: event.object.kind,
      objectId: event.object.id,
      objectName: event.object.name,
      partnerId: event.partnerId ?? null,
      details: AUDIT_ACTIONS[event.action].parse(event.details),
      salt: randomBytes(16),
    })),
  });
}
