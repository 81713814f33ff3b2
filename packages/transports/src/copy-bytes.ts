/** The bytes of one file, from the source through the hash to the temporary name. */
import { createHash } from 'node:crypto';
import type { Side } from '@waybill/contracts/session-facts.js';
import { createChunkBridge } from './chunk-bridge.js';
import { OtherSideError, TransportError } from './transport-error.js';
import type { Transport } from './transport.js';

export interface CopyRequest {
  source: Transport;
  sourcePath: string;
  target: Transport;
  temporaryPath: string;
  /** Cancels. Pass the one that the sessions were opened with, or one that is aborted together with it. */
  signal: AbortSignal;
  /** Bytes read so far; called for each chunk, so at most once a MiB or twice a second. */
  onProgress?: (bytes: number) => void;
}

/** What the caller has to know however the copy ends. */
export interface CopyProgress {
  bytes: number;
  /** Empty until the source was read to its end. */
  sha256: string;
  /** It was read to its end, and is not there any more: nothing can take the place of the temporary file. */
  sourceGone: boolean;
}

/** Streams the bytes through the hash into the temporary name; the first failure of either side is the one told. */
export async function copyBytes(request: CopyRequest, progress: CopyProgress): Promise<void> {
  const { source, sourcePath, target, temporaryPath, signal } = request;
  const hash = createHash('sha256');
  const bridge = createChunkBridge();
  let first: { error: unknown } | null = null;
  let echo: { error: unknown } | null = null;
  const failed = (side: Side, error: unknown): void => {
    first ??= { error };
    bridge.fail(new OtherSideError(side));
  };
  const reading = source
    .read(
      sourcePath,
      async (chunk) => {
        hash.update(chunk);
        await bridge.push(chunk);
        progress.bytes += chunk.length;
        request.onProgress?.(progress.bytes);
      },
      { signal },
    )
    // Only now: a source that was cut short must not be confirmed to the target.
    .then((read) => {
      if (read.bytes !== progress.bytes) {
        const counts = `${read.bytes} bytes came and ${progress.bytes} were taken`;
        throw new TransportError('size_mismatch', 'transfer', `Of the source ${counts}.`);
      }
      progress.sourceGone = read.gone;
      progress.sha256 = hash.digest('hex');
      bridge.end();
    })
    .catch((error: unknown) => {
      // When the target gives up, the source fails too, only because nobody takes its bytes any more.
      if (bridge.abandoned) echo = { error };
      else failed('source', error);
    });
  const writing = target.write(temporaryPath, bridge.chunks, { signal }).catch((error: unknown) => {
    failed('target', error);
    return { bytes: 0 };
  });
  const [, written] = await Promise.all([reading, writing]);
  const failure = (first ?? echo) as { error: unknown } | null;
  if (failure !== null) throw failure.error;
  if (written.bytes !== progress.bytes) {
    const counts = `${progress.bytes} bytes were read and ${written.bytes} written`;
    throw new TransportError('size_mismatch', 'confirm', `The counts of the two sides differ: ${counts}.`);
  }
}
