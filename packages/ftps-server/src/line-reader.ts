/** Cuts the bytes of a control connection into lines, with a cap (RFC 959 section 5.3, RFC 2640 for UTF-8). */

/** Bytes of one command line, CRLF included. Longer is an attack or a bug. */
export const MAX_LINE_BYTES = 4096;

export class LineTooLong extends Error {
  override readonly name = 'LineTooLong';
}

export class LineReader {
  #rest: Buffer = Buffer.alloc(0);

  /**
   * @returns the lines that are now complete, without their end; null for a line that is not UTF-8
   * @throws LineTooLong when a line exceeds MAX_LINE_BYTES
   */
  push(chunk: Buffer): (string | null)[] {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const lines: (string | null)[] = [];
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a)) {
      if (end >= MAX_LINE_BYTES) throw new LineTooLong();
      lines.push(decodeLine(bytes.subarray(0, end)));
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length >= MAX_LINE_BYTES) throw new LineTooLong();
    this.#rest = Buffer.from(bytes);
    return lines;
  }

  /** Throws away what is incomplete. @returns the number of bytes thrown away */
  clear(): number {
    const dropped = this.#rest.length;
    this.#rest = Buffer.alloc(0);
    return dropped;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decodeLine(bytes: Buffer): string | null {
  // Telnet IP and Synch, which some clients put before ABOR.
  const start = bytes.findIndex((byte) => byte < 0xf0);
  const end = bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length;
  try {
    return utf8.decode(bytes.subarray(start < 0 ? end : start, end));
  } catch {
    return null;
  }
}

/** A command line in its two parts; the verb in upper case. */
export function parseCommand(line: string): { verb: string; argument: string } {
  const space = line.indexOf(' ');
  if (space < 0) return { verb: line.toUpperCase(), argument: '' };
  return { verb: line.slice(0, space).toUpperCase(), argument: line.slice(space + 1) };
}
