/**
 * The typed catalogue of what the audit log can say: every action with the shape of its details. Actions are
 * past tense. Details never hold a secret; what changed is listed by field, before and after.
 */
import { z } from 'zod';
import { id, instant, sha256 } from './text.js';

/** A value of a field as the log shows it. */
const value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]);

/** Field by field what was and what is. */
export const changes = z.record(z.string(), z.object({ before: value, after: value }));
export type Changes = z.infer<typeof changes>;

const created = z.object({ values: z.record(z.string(), value) });
const updated = z.object({ changes });
const deleted = z.object({ values: z.record(z.string(), value) });
const nothing = z.object({});
const failure = z.object({ failureKind: z.string(), failureText: z.string() });

export const AUDIT_ACTIONS = {
  'installation.setup_link_issued': z.object({ expiresAt: instant }),
  'installation.set_up': z.object({ email: z.string() }),
  'installation.set_up_failed': z.object({ email: z.string() }),
  'user.created': created,
  'user.updated': updated,
  'user.password_reset': nothing,
  'user.password_changed': nothing,
  'user.password_change_failed': z.object({ reason: z.string() }),
  'user.signed_in': nothing,
  'user.sign_in_failed': z.object({ email: z.string(), reason: z.string() }),
  'user.locked': z.object({ until: instant }),
  'user.signed_out': nothing,
  /**
   * The first denied call of a caller to an operation is told at once. What follows is counted, and told every ten
   * minutes as one event: `count` calls, the first of them at `since`.
   */
  'access.denied': z.object({
    permission: z.string(),
    operation: z.string(),
    count: z.number().int(),
    since: instant,
  }),
  'api_key.created': created,
  'api_key.revoked': nothing,
  'partner.created': created,
  'partner.updated': updated,
  'partner.deleted': deleted,
  'endpoint.created': created,
  'endpoint.updated': updated,
  'endpoint.deleted': deleted,
  'endpoint.test_requested': nothing,
  'endpoint.tested': z.object({ passed: z.boolean(), failureKind: z.string().nullable() }),
  'endpoint.held': z.object({ reason: z.string() }),
  'endpoint.released': nothing,
  'credential.created': created,
  'credential.updated': updated,
  'credential.password_set': z.object({ sealedFor: z.array(z.string()), vaultKeyId: z.string() }),
  'credential.seal_dropped': z.object({
    host: z.string(),
    serverName: z.string().nullable(),
    trustMode: z.string(),
  }),
  'credential.deleted': deleted,
  'certificate.imported': created,
  'certificate.deleted': deleted,
  'exception.requested': z.object({
    exceptionId: id,
    host: z.string(),
    deviations: z.array(z.string()),
    justification: z.string(),
    endsAt: instant,
  }),
  'exception.approved': z.object({
    exceptionId: id,
    host: z.string(),
    deviations: z.array(z.string()),
    requestedBy: z.string(),
    selfApproved: z.boolean(),
    endsAt: instant,
  }),
  'exception.ended': z.object({
    exceptionId: id,
    deviations: z.array(z.string()),
    wasApproved: z.boolean(),
    endsAt: instant,
  }),
  'route.created': created,
  'route.updated': updated,
  'route.deleted': deleted,
  'route.held': z.object({ reason: z.string() }),
  'route.released': nothing,
  'schedule.created': created,
  'schedule.updated': updated,
  'schedule.deleted': deleted,
  'schedule.run_skipped': z.object({ dueAt: instant, reason: z.string() }),
  'network_allow.created': created,
  'network_allow.deleted': deleted,
  'installation.paused': z.object({ reason: z.string() }),
  'installation.resumed': nothing,
  'transfer.requested': z.object({
    cause: z.string(),
    route: z.string(),
    scheduleId: id.nullable(),
    dueAt: instant.nullable(),
    resendOfId: id.nullable(),
    resendFiles: z.enum(['not_delivered', 'all']).nullable(),
    reason: z.string().nullable(),
  }),
  'transfer.started': z.object({ tryNumber: z.number().int(), workerId: z.string() }),
  'transfer.planned': z.object({ go: z.number().int(), skipped: z.number().int(), totalBytes: z.number() }),
  'transfer.retry_scheduled': failure.extend({ tryNumber: z.number().int(), nextTryAt: instant }),
  'transfer.try_requested': z.object({ tryNumber: z.number().int() }),
  'transfer.held': failure,
  'transfer.released': nothing,
  'transfer.recovered': z.object({ lostWorkerId: z.string(), tryNumber: z.number().int() }),
  'transfer.interrupted': z.object({ workerId: z.string(), reason: z.string() }),
  'transfer.cancel_requested': nothing,
  'transfer.cancelled': z.object({ deliveredCount: z.number().int() }),
  'transfer.succeeded': z.object({ deliveredCount: z.number().int(), bytes: z.number() }),
  'transfer.ended_partial': z.object({ deliveredCount: z.number().int(), failedCount: z.number().int() }),
  'transfer.failed': failure,
  'transfer_file.delivered': z.object({
    transferId: id,
    attemptId: id,
    sourcePath: z.string(),
    targetPath: z.string(),
    bytes: z.number(),
    sha256: sha256.nullable(),
    verification: z.string(),
    verificationAlgorithm: z.string().nullable(),
    resumedFromBytes: z.number().nullable(),
    confirmationLost: z.boolean(),
    recovered: z.boolean(),
  }),
  'transfer_file.failed': failure.extend({ transferId: id, attemptId: id, sourcePath: z.string() }),
  'transfer_file.uncertain': failure.extend({ transferId: id, sourcePath: z.string() }),
  'transfer_file.after_action_done': z.object({
    transferId: id,
    action: z.enum(['delete', 'move']),
    sourcePath: z.string(),
    movedTo: z.string().nullable(),
  }),
  'transfer_file.after_action_failed': failure.extend({ transferId: id, sourcePath: z.string() }),
  'notification.sent': z.object({ recipients: z.array(z.string()), subject: z.string() }),
  'notification.failed': z.object({ recipients: z.array(z.string()), error: z.string() }),
  'audit.read': z.object({ query: z.record(z.string(), z.string()), sessionId: id.nullable() }),
} as const satisfies Record<string, z.ZodType>;

export type AuditAction = keyof typeof AUDIT_ACTIONS;
export type AuditDetails<Action extends AuditAction> = z.infer<(typeof AUDIT_ACTIONS)[Action]>;
export const AUDIT_ACTION_NAMES = Object.keys(AUDIT_ACTIONS) as [AuditAction, ...AuditAction[]];
