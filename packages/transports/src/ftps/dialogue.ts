/** The FTP dialogue as evidence: what we said and what the server said, without secrets, clean and capped. */
import type { DialogueLine } from '@waybill/contracts/session-facts.js';
import { cleanText } from '../clean-text.js';

const MAX_LINE_LENGTH = 1000;
/**
 * The opening is kept, and the newest lines; what lies between is left out when there is too much. The two sessions of
 * an attempt come to 64 KiB at most.
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
  /** Where to add what is said about this file alone, while there is talk of others too. */
  about(path: string): Pick<Dialogue, 'add'>;
  /** What was said, without what is said about other files than this one; all of it where none is named. */
  lines(about?: string): DialogueLine[];
  /** Forgets what `lines` gives. */
  clear(about?: string): void;
}

/** @param secrets values that must never appear, wherever they turn up (a server may echo a password) */
export function createDialogue(secrets: string[]): Dialogue {
  /** What there is to say of no single file has no name. */
  const parts = new Map<string | null, Part>();
  let said = 0;
  const redact = (text: string): string =>
    secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, MASK)), text);
  const addTo = (path: string | null, from: 'us' | 'server', text: string): void => {
    const part = parts.get(path) ?? createPart();
    parts.set(path, part);
    const masked = redact(text.replace(/^(PASS|ACCT)\s.*$/is, `$1 ${MASK}`));
    const at = new Date().toISOString();
    for (const row of masked.split(/\r?\n/)) {
      if (row.trim() === '') continue;
      part.add({ place: (said += 1), line: { at, from, text: cleanText(row, MAX_LINE_LENGTH) } });
    }
  };
  const named = (about: string | undefined): (string | null)[] =>
    about === undefined ? [...parts.keys()] : [null, about];

  return {
    redact,
    add: (from, text) => addTo(null, from, text),
    about: (path) => ({ add: (from, text) => addTo(path, from, text) }),
    lines(about) {
      const all = named(about).flatMap((path) => parts.get(path)?.lines() ?? []);
      return all.toSorted((a, b) => a.place - b.place).map(({ line }) => line);
    },
    clear(about) {
      for (const path of named(about)) parts.delete(path);
    },
  };
}

/** With its place in the whole. */
interface PlacedLine {
  place: number;
  line: DialogueLine;
}

interface Part {
  add(one: PlacedLine): void;
  lines(): PlacedLine[];
}

function createPart(): Part {
  const first: PlacedLine[] = [];
  const last: PlacedLine[] = [];
  let firstBytes = 0;
  let lastBytes = 0;
  let leftOut = { lines: 0, bytes: 0 };
  return {
    add(one) {
      const bytes = bytesOf(one.line);
      if (last.length === 0 && firstBytes + bytes <= KEPT_FIRST_BYTES) {
        first.push(one);
        firstBytes += bytes;
        return;
      }
      last.push(one);
      lastBytes += bytes;
      for (let oldest = last[0]; oldest && lastBytes > KEPT_LAST_BYTES; oldest = last[0]) {
        last.shift();
        lastBytes -= bytesOf(oldest.line);
        leftOut = { lines: leftOut.lines + 1, bytes: leftOut.bytes + Buffer.byteLength(oldest.line.text) };
      }
    },
    lines() {
      const boundary = last[0];
      if (leftOut.lines === 0 || boundary === undefined) return [...first, ...last];
      const text = `(${leftOut.lines} lines with ${leftOut.bytes} bytes left out)`;
      const gap: DialogueLine = { at: boundary.line.at, from: 'us', text };
      return [...first, { place: boundary.place - 0.5, line: gap }, ...last];
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
