/** The FTP dialogue as evidence: what we said and what the server said, without secrets, clean and capped. */
import type { DialogueLine } from '@waybill/contracts/session-facts.js';
import { cleanText } from '../clean-text.js';

const MAX_LINE_LENGTH = 1000;
/** The opening is always kept, and the newest lines; what lies between is left out when there is too much. */
const KEPT_FIRST = 100;
const KEPT_LAST = 900;
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
  let leftOut = 0;

  const redact = (text: string): string =>
    secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, MASK)), text);

  return {
    redact,
    add(from, text) {
      const masked = text.replace(/^(PASS|ACCT)\s.*$/is, `$1 ${MASK}`);
      for (const row of redact(masked).split(/\r?\n/)) {
        if (row.trim() === '') continue;
        const line = { at: new Date().toISOString(), from, text: cleanText(row, MAX_LINE_LENGTH) };
        if (first.length < KEPT_FIRST) {
          first.push(line);
          continue;
        }
        last.push(line);
        if (last.length > KEPT_LAST) {
          last.shift();
          leftOut += 1;
        }
      }
    },
    lines() {
      const boundary = last[0];
      if (leftOut === 0 || boundary === undefined) return [...first, ...last];
      const gap: DialogueLine = { at: boundary.at, from: 'us', text: `(${leftOut} lines left out)` };
      return [...first, gap, ...last];
    },
    clear() {
      first = [];
      last = [];
      leftOut = 0;
    },
  };
}
