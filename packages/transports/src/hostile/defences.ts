/** All defences. `prove-defences.ts` takes each out and demands that the cases that rely on it fail. */
import { connectionDefences } from './connection-defences.js';
import type { Defence } from './defence.js';
import { listingDefences } from './listing-defences.js';
import { moveDefences } from './move-defences.js';
import { sessionDefences } from './session-defences.js';

const all = { ...sessionDefences, ...connectionDefences, ...moveDefences, ...listingDefences };

export type DefenceName = keyof typeof all;
export const DEFENCES: Readonly<Record<DefenceName, Defence>> = all;
