/** The global pause: while it stands, no transfer starts. What runs goes on to its end. */
import { type Pause, type StandingPause, standingPause } from '@waybill/contracts/overview.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { appendEvent } from '../audit/append-event.js';
import { notifyLive } from '../live/notify-live.js';
import { Problem } from '../problem.js';

const KEY = 'pause';
export const INSTALLATION = { kind: 'installation', id: null, name: 'Waybill' };

/** The pause that stands; null where there is none. */
export async function readPause(tx: Tx): Promise<StandingPause | null> {
  const row = await tx.setting.findUnique({ where: { key: KEY } });
  return row === null ? null : standingPause.parse(row.value);
}

/** @throws Problem `paused` */
export async function refuseInPause(tx: Tx): Promise<void> {
  const pause = await readPause(tx);
  if (pause !== null)
    throw new Problem('paused', `${pause.by} has paused Waybill (${pause.reason}). Resume it first.`);
}

/** @throws Problem `wrong_state` where Waybill is paused already */
export async function pauseInstallation(tx: Tx, actor: Actor, input: Pause): Promise<void> {
  const value: StandingPause = { at: new Date().toISOString(), by: actor.name, reason: input.reason };
  // Of two who pause at once, one makes the row.
  const { count } = await tx.setting.createMany({ data: [{ key: KEY, value }], skipDuplicates: true });
  if (count === 0) throw new Problem('wrong_state', 'Waybill is paused already.');
  await notifyLive(tx, { kind: 'pause' });
  await appendEvent(tx, actor, {
    action: 'installation.paused',
    object: INSTALLATION,
    details: { reason: input.reason },
  });
}

/** @throws Problem `wrong_state` where Waybill is not paused */
export async function resumeInstallation(tx: Tx, actor: Actor): Promise<void> {
  const { count } = await tx.setting.deleteMany({ where: { key: KEY } });
  if (count === 0) throw new Problem('wrong_state', 'Waybill is not paused.');
  await notifyLive(tx, { kind: 'pause' });
  await appendEvent(tx, actor, { action: 'installation.resumed', object: INSTALLATION, details: {} });
}
