/** Browser sessions: a cookie holds a random token, the row its hash. They end when idle and in any case in time. */
import { ROLE_PERMISSIONS } from '@waybill/contracts/permissions.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { notifyAccess } from '../live/notify-live.js';
import { newId } from '../new-id.js';
import { hashToken, newToken } from './token.js';

/** PCI DSS 8.2.8: sign in again after 15 minutes without activity. */
export const SESSION_IDLE_MS = 15 * 60_000;
export const SESSION_MAX_MS = 12 * 3_600_000;
/** How long a session that has ended stays readable, for whoever looks into an incident. */
const KEEP_ENDED_MS = 30 * 24 * 3_600_000;
/** Activity is written at most this often. */
const TOUCH_AFTER_MS = 30_000;

export interface OpenSession {
  /** Goes into the cookie; it is kept nowhere. */
  token: string;
  expiresAt: Date;
}

/** Opens a session, and clears away what the same person left behind long ago. */
export async function openSession(
  tx: Tx,
  from: { userId: string; originIp: string | null; userAgent: string | null },
): Promise<OpenSession> {
  const now = new Date();
  const token = newToken();
  const expiresAt = new Date(now.getTime() + SESSION_MAX_MS);
  await tx.session.deleteMany({
    where: { userId: from.userId, expiresAt: { lt: new Date(now.getTime() - KEEP_ENDED_MS) } },
  });
  await tx.session.create({
    data: {
      id: newId(),
      userId: from.userId,
      tokenHash: hashToken(token),
      originIp: from.originIp,
      userAgent: from.userAgent?.slice(0, 300) ?? null,
      lastSeenAt: now,
      expiresAt,
    },
  });
  return { token, expiresAt };
}

/**
 * The person behind a cookie; null when the session has ended in whatever way.
 * @param request.isActivity false for what a page asks by itself: it does not keep the session alive
 */
export async function findSessionActor(
  tx: Tx,
  token: string,
  request: { originIp: string | null; requestId: string; isActivity: boolean },
): Promise<{ actor: Actor; expiresAt: Date } | null> {
  const now = Date.now();
  const session = await tx.session.findUnique({
    where: { tokenHash: hashToken(token) },
    include: { user: { select: { id: true, email: true, role: true, disabledAt: true } } },
  });
  if (session === null || session.user.disabledAt !== null || !isOpen(session, now)) return null;
  let lastSeenMs = session.lastSeenAt.getTime();
  if (request.isActivity && now - lastSeenMs >= TOUCH_AFTER_MS) {
    // A session that was revoked meanwhile stays revoked: the row is matched by its state, not by its id alone.
    await tx.session.updateMany({
      where: { id: session.id, revokedAt: null },
      data: { lastSeenAt: new Date(now) },
    });
    lastSeenMs = now;
  }
  const actor: Actor = {
    kind: 'user',
    id: session.user.id,
    name: session.user.email,
    role: session.user.role,
    permissions: ROLE_PERMISSIONS[session.user.role],
    sessionId: session.id,
    originIp: request.originIp,
    requestId: request.requestId,
  };
  return { actor, expiresAt: new Date(Math.min(lastSeenMs + SESSION_IDLE_MS, session.expiresAt.getTime())) };
}

/** When the session ends unless something happens; null where it has ended. */
export async function sessionEnd(tx: Tx, sessionId: string): Promise<Date | null> {
  const session = await tx.session.findUnique({
    where: { id: sessionId },
    include: { user: { select: { disabledAt: true } } },
  });
  if (session === null || session.user.disabledAt !== null || !isOpen(session, Date.now())) return null;
  return new Date(Math.min(session.lastSeenAt.getTime() + SESSION_IDLE_MS, session.expiresAt.getTime()));
}

/** Ends the open sessions of a person, except the one named. */
export async function revokeSessions(tx: Tx, userId: string, except: string | null = null): Promise<void> {
  await tx.session.updateMany({
    where: { userId, revokedAt: null, ...(except === null ? {} : { id: { not: except } }) },
    data: { revokedAt: new Date() },
  });
  await notifyAccess(tx, userId);
}

function isOpen(
  session: { revokedAt: Date | null; lastSeenAt: Date; expiresAt: Date },
  now: number,
): boolean {
  return (
    session.revokedAt === null &&
    now < session.expiresAt.getTime() &&
    now - session.lastSeenAt.getTime() < SESSION_IDLE_MS
  );
}
