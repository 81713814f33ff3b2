/** Who acts. Every rule takes one, every audit event names one. */
import type { ActorKind } from '@waybill/contracts/audit-events.js';
import { type Permission, ROLE_PERMISSIONS, type Role } from '@waybill/contracts/permissions.js';

export interface Actor {
  kind: ActorKind;
  /** The row of the user or API key; null for the system, the command line and strangers. */
  id: string | null;
  /** As the audit log shows it: an e-mail address, a key's name, a worker's name. */
  name: string;
  role: Role | null;
  permissions: ReadonlySet<Permission>;
  /** The browser session, for a person. */
  sessionId: string | null;
  originIp: string | null;
  requestId: string | null;
}

/** A duty of Waybill itself, such as `scheduler` or `worker host-1`. */
export function systemActor(name: string): Actor {
  return {
    kind: 'system',
    id: null,
    name,
    role: null,
    permissions: new Set(),
    sessionId: null,
    originIp: null,
    requestId: null,
  };
}

/** The administrator of the machine, at the command line. */
export function cliActor(userName: string): Actor {
  return { ...systemActor(userName), kind: 'cli', permissions: ROLE_PERMISSIONS.administrator };
}

/** Somebody who has not signed in. */
export function anonymousActor(originIp: string | null, requestId: string | null): Actor {
  return { ...systemActor('anonymous'), kind: 'anonymous', originIp, requestId };
}
