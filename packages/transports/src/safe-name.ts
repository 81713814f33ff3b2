/**
 * Which names may be used. A listing comes from a server that may be hostile, so a name is only taken when it is one
 * plain segment of a path: it cannot leave its folder, and nothing in it moves a cursor or turns the writing round. It
 * may still look like another one: letters do, and so do characters of no width, which Persian and emoji need.
 */
import { UNPRINTABLE } from '@waybill/contracts/text.js';
import { cleanText } from './clean-text.js';

const MAX_NAME_BYTES = 255;
const MAX_PATH_BYTES = 4096;
/** Names that are devices in every folder on Windows, whatever their extension. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|:|$)/i;

/** Why the name cannot be used as one segment of a path, or null where it can. */
export function whyNameIsUnsafe(name: string): string | null {
  if (name === '') return 'it is empty';
  if (name === '.' || name === '..') return 'it points to a folder above or to itself';
  if (name.includes('/') || name.includes('\\')) return 'it contains a path separator';
  if (UNPRINTABLE.test(name)) return 'it contains a control or direction-changing character';
  if (name.includes('\ufffd')) return 'it is not valid UTF-8';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `it is longer than ${MAX_NAME_BYTES} bytes`;
  return null;
}

/** As `whyNameIsUnsafe`, and stricter for files on our own disk: no device names of Windows either. */
export function whyLocalNameIsUnsafe(name: string): string | null {
  const why = whyNameIsUnsafe(name);
  if (why !== null) return why;
  return WINDOWS_DEVICE.test(name) ? 'it is the name of a device on Windows' : null;
}

/**
 * The segments of an absolute path with `/` between them, or why it cannot be used. `/` has no segments.
 * @param whyUnsafe the check that each segment must pass
 */
export function splitPath(
  path: string,
  whyUnsafe: (name: string) => string | null = whyNameIsUnsafe,
): { segments: string[] } | { why: string } {
  if (!path.startsWith('/')) return { why: 'it does not start with "/"' };
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return { why: `it is longer than ${MAX_PATH_BYTES} bytes` };
  const segments = path.split('/').slice(1);
  if (segments.at(-1) === '') segments.pop();
  for (const segment of segments) {
    const why = whyUnsafe(segment);
    if (why !== null) return { why };
  }
  return { segments };
}

/** The name as it is shown to people when it was refused: unprintable characters escaped, at most 120 long. */
export function showName(name: string): string {
  return cleanText(name, 120);
}
