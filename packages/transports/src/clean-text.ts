/** Text that a stranger chose, made fit for people to read: a server's replies and file names may hold anything. */
import { cutText, UNPRINTABLE } from '@waybill/contracts/text.js';

const EVERY_UNPRINTABLE = new RegExp(UNPRINTABLE, 'gu');

/** What most of it is, and what needs no cleaning. */
const PRINTABLE_ASCII = /^[ -~]*$/;

/** The text with every unprintable character written as `\u{..}`, cut to at most `maxLength` characters. */
export function cleanText(text: string, maxLength: number): string {
  if (text.length <= maxLength && PRINTABLE_ASCII.test(text)) return text;
  const shown = text
    .slice(0, maxLength * 2)
    .replace(EVERY_UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
  return shown.length > maxLength ? `${cutText(shown, maxLength - 1)}…` : shown;
}
