import type { User } from '@waybill/contracts/access.js';
import type { MarkLook } from '../ui/mark.js';

/** Whether a person may sign in now. */
export function userLook({ disabledAt, lockedUntil }: User): MarkLook {
  if (disabledAt !== null) return { word: 'Disabled', tone: 'mute', shape: 'slash' };
  if (lockedUntil !== null && Date.parse(lockedUntil) > Date.now())
    return { word: 'Locked', tone: 'warn', shape: 'pause' };
  return { word: 'Active', tone: 'ok', shape: 'check' };
}
