/**
 * Text as FTP carries it in ASCII: a line ends with CR LF on the way, whatever it ends with at either end (RFC 959
 * section 3.1.1.1). At our end it is LF.
 */
const CR = 0x0d;
const LF = 0x0a;

/** The text as it goes: a CR before each LF that has none. `taken` counts what was taken of the source, in bytes. */
export function toNetworkLines(source: AsyncIterable<Uint8Array>): {
  lines: AsyncIterable<Uint8Array>;
  taken: () => number;
} {
  let taken = 0;
  async function* lines(): AsyncGenerator<Uint8Array> {
    let endedWithCr = false;
    for await (const chunk of source) {
      taken += chunk.length;
      if (chunk.length === 0) continue;
      yield withReturns(chunk, endedWithCr);
      endedWithCr = chunk.at(-1) === CR;
    }
  }
  return { lines: lines(), taken: () => taken };
}

function withReturns(chunk: Uint8Array, afterCr: boolean): Uint8Array {
  const text = Buffer.allocUnsafe(2 * chunk.length);
  let length = 0;
  let last = afterCr ? CR : 0;
  for (const byte of chunk) {
    if (byte === LF && last !== CR) text[length++] = CR;
    text[length++] = byte;
    last = byte;
  }
  return text.subarray(0, length);
}

/** Takes text as it comes and gives it as it is kept here: each CR LF an LF. A CR alone stays. */
export function createLocalLines(): { take(chunk: Uint8Array): Buffer; rest(): Buffer } {
  let heldCr = false;
  return {
    take(chunk) {
      const text = Buffer.allocUnsafe(chunk.length + 1);
      let length = 0;
      for (const byte of chunk) {
        if (heldCr && byte !== LF) text[length++] = CR;
        heldCr = byte === CR;
        if (!heldCr) text[length++] = byte;
      }
      return text.subarray(0, length);
    },
    rest() {
      const rest = heldCr ? Buffer.of(CR) : Buffer.alloc(0);
      heldCr = false;
      return rest;
    },
  };
}
