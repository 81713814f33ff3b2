/** The FTP dialogue as evidence: what we said and what the server said, without secrets, clean and capped. */
import type { DialogueLine } from '@waybill/contracts/session-facts.js';
import { cleanText } from '../clean-text.js';

const MAX_LINE_LENGTH = 1000;
/**
 * The opening is kept, and the newest lines; what lies between is left out when there is too much. The two sessions of
 * an attempt come to 64 KiB at most, each time that it has them.
 */
const KEPT_FIRST_BYTES = 8 * 1024;
const KEPT_LAST_BYTES = 23 * 1024;
/** What is kept of a line besides its text: when it was said and by whom. */
const BYTES_ABOUT_A_LINE = 90;
const MASK = '****';

export interface Dialogue {
  /** The text with every secret masked: for whatever of the server's words is kept or shown elsewhere. */
  redact(text: string): string;
  add(from: 'us' | 'server', text: string): void;
  lines(): DialogueLine[];
  clear(): void;
}

/** @param secrets values that must never appear, wherever they turn up (a server may echo a password) */
export function createDialogue(secrets: string[]): Dialogue {
  let first: DialogueLine[] = [];
  let last: DialogueLine[] = [];
  let firstBytes = 0;
  let lastBytes = 0;
  let leftOut = { lines: 0, bytes: 0 };

  const redact = (text: string): string =>
    secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, MASK)), text);

  return {
    redact,
    add(from, text) {
      const masked = text.replace(/^(PASS|ACCT)\s.*$/is, `$1 ${MASK}`);
      for (const row of redact(masked).split(/\r?\n/)) {
        if (row.trim() === '') continue;
        const line = { at: new Date().toISOString(), from, text: cleanText(row, MAX_LINE_LENGTH) };
        const bytes = bytesOf(line);
        if (last.length === 0 && firstBytes + bytes <= KEPT_FIRST_BYTES) {
          first.push(line);
          firstBytes += bytes;
          continue;
        }
        last.push(line);
        lastBytes += bytes;
        for (let oldest = last[0]; oldest && lastBytes > KEPT_LAST_BYTES; oldest = last[0]) {
          last.shift();
          lastBytes -= bytesOf(oldest);
          leftOut = { lines: leftOut.lines + 1, bytes: leftOut.bytes + Buffer.byteLength(oldest.text) };
        }
      }
    },
    lines() {
      const boundary = last[0];
      if (leftOut.lines === 0 || boundary === undefined) return [...first, ...last];
      const text = `(${leftOut.lines} lines with ${leftOut.bytes} bytes left out)`;
      const gap: DialogueLine = { at: boundary.at, from: 'us', text };
      return [...first, gap, ...last];
    },
    clear() {
      [first, last] = [[], []];
      [firstBytes, lastBytes] = [0, 0];
      leftOut = { lines: 0, bytes: 0 };
    },
  };
}

/** What JSON writes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

/** As JSON, in which it is kept. */
function bytesOf({ text }: DialogueLine): number {
  const bytes = PLAIN.test(text) ? text.length + 2 : Buffer.byteLength(JSON.stringify(text));
  return BYTES_ABOUT_A_LINE + bytes;
}
