/**
 * Text on the wire in the character set of the endpoint: commands are encoded, replies and listings decoded. FTP knows
 * UTF-8 (RFC 2640) and, from before that, whatever server and client happen to share.
 */
import iconv from 'iconv-lite';
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';

/** The control connection is read and written in bytes; each stands for one character of such a string. */
export type ByteString = string;

export interface TextCodec {
  /** What basic-ftp reads and writes the control connection in. */
  wireEncoding: 'utf8' | 'latin1';
  /** As it goes over the wire; null where it cannot be said in the character set. */
  encode(text: string): ByteString | null;
  /** Whole lines of replies. Bytes that are no text become U+FFFD. */
  decodeLines(lines: ByteString): string;
  /**
   * A whole listing. A line that would not be written as it was read ends with U+FFFD, so that its name is refused:
   * some character sets have two ways to write one character, and under the other one is another file, or none.
   */
  decodeListing(listing: Buffer): string;
}

/**
 * The control connection is one of Telnet (RFC 959 section 5.3, RFC 854), where byte 255 before one of these is a
 * command, and two of 255 are one. ProFTPD reads it so, vsftpd and Pure-FTPd do not: what some of them would take for
 * another name is not said to any. By itself 255 is a letter to all of them, as in Russian names (windows-1251).
 */
const TELNET_COMMAND = /\u00ff[\u00f0-\u00ff]/;

const UTF8: TextCodec = {
  wireEncoding: 'utf8',
  encode: (text) => text,
  decodeLines: (lines) => lines,
  decodeListing: (listing) => listing.toString('utf8'),
};

export function createTextCodec(encoding: FtpsSettings['encoding']): TextCodec {
  if (encoding === 'utf-8') return UTF8;
  const decode = (bytes: Buffer): string => iconv.decode(bytes, encoding, { stripBOM: false });
  // Line by line: a byte that begins a character of two must not swallow the end of its line.
  const decodeEach = (bytes: Buffer, decodeLine: (line: Buffer) => string): string =>
    linesOf(bytes).map(decodeLine).join('\n');
  return {
    wireEncoding: 'latin1',
    encode(text) {
      const bytes = iconv.encode(text, encoding, { addBOM: false });
      const wire = bytes.toString('latin1');
      return decode(bytes) === text && !TELNET_COMMAND.test(wire) ? wire : null;
    },
    decodeLines: (lines) => decodeEach(Buffer.from(lines, 'latin1'), decode),
    decodeListing: (listing) =>
      decodeEach(listing, (line) => {
        const text = decode(line);
        return iconv.encode(text, encoding).equals(line) ? text : withMark(text);
      }),
  };
}

function withMark(line: string): string {
  return line.endsWith('\r') ? `${line.slice(0, -1)}\ufffd\r` : `${line}\ufffd`;
}

function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  lines.push(bytes.subarray(start));
  return lines;
}
