import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { sessionEnd } from './sessions.js';

/** Whether the session or the key by which somebody came in still stands, with the role that it had. */
export async function standsActor(tx: Tx, actor: Actor): Promise<boolean> {
  if (actor.id === null) return false;
  if (actor.kind === 'api_key') {
    const key = await tx.apiKey.findUnique({ where: { id: actor.id } });
    if (key === null || key.revokedAt !== null || key.role !== actor.role) return false;
    return key.expiresAt === null || key.expiresAt > new Date();
  }
  if (actor.sessionId === null || (await sessionEnd(tx, actor.sessionId)) === null) return false;
  const user = await tx.user.findUnique({ where: { id: actor.id }, select: { role: true } });
  return user?.role === actor.role;
}
