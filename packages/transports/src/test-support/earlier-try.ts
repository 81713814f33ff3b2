/** A try that was cut in the middle of a file, for the next one to go on from. */
import { randomBytes } from 'node:crypto';
import type { MoveResult } from '../move-file.js';

const MEBIBYTE = 1024 * 1024;
export const BYTES = randomBytes(4 * MEBIBYTE);
/** Where it was cut. */
export const AT = 2 * MEBIBYTE + 3;
/** What the earlier try wrote under. */
export const OLD = '/.waybill-1.part';
/** What FEAT tells of a server that hashes nothing. */
export const NO_HASH = ['211-Features:', ' UTF8', ' SIZE', ' MDTM', ' REST STREAM', '211 End'];

/** The details of all steps, a line each. */
export const toldBy = ({ timeline }: MoveResult): string =>
  timeline.map(({ detail }) => detail ?? '').join('\n');
