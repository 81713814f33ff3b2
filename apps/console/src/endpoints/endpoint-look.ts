import type { Endpoint } from '@waybill/contracts/endpoints.js';
import type { MarkLook } from '../ui/mark.js';
import { HELD } from '../words.js';

const NO_PASSWORD: MarkLook = { word: 'No password', tone: 'warn', shape: 'question' };
const NO_EXCEPTION: MarkLook = { word: 'Exception needed', tone: 'warn', shape: 'slash' };
const UNTESTED: MarkLook = { word: 'Not tested', tone: 'mute', shape: 'ring' };
const CHANGED: MarkLook = { ...UNTESTED, word: 'Not tested since the change' };
const TESTED: Record<string, MarkLook> = {
  queued: { word: 'Testing', tone: 'accent', shape: 'half' },
  running: { word: 'Testing', tone: 'accent', shape: 'half' },
  passed: { word: 'Ready', tone: 'ok', shape: 'check' },
  failed: { word: 'Test failed', tone: 'bad', shape: 'cross' },
};

/** How an endpoint stands: ready is only what was tested, and passed; what failed may have been put right since. */
export function endpointLook({
  heldAt,
  protocol,
  hasPassword,
  lastTest,
  deviations,
}: Pick<Endpoint, 'heldAt' | 'protocol' | 'hasPassword' | 'lastTest' | 'deviations'>): MarkLook {
  if (heldAt !== null) return HELD;
  if (deviations.some(({ coveredBy }) => coveredBy === null)) return NO_EXCEPTION;
  if (protocol !== 'local_folder' && !hasPassword) return NO_PASSWORD;
  if (lastTest?.state === 'failed' && lastTest.isOutdated) return CHANGED;
  return TESTED[lastTest?.state ?? ''] ?? UNTESTED;
}

/** The same in a column, which says of the test itself beside it. */
export function shortEndpointLook(endpoint: Parameters<typeof endpointLook>[0]): MarkLook {
  const look = endpointLook(endpoint);
  return look === CHANGED ? UNTESTED : look;
}
