/**
 * Reading a data connection to its end in large chunks with two buffers: one fills while the other is worked
 * on. Handing every TLS record on by itself costs three times the processor time and half the speed.
 */
import type { Socket } from 'node:net';

export const CHUNK_BYTES = 1024 * 1024;
/** A slow connection hands on what it has this often, so that progress is seen. */
const FLUSH_MS = 500;
const CHECK_MS = 250;
/** Buffers of finished transfers, for the next ones. */
const spareBuffers: Buffer[] = [];
const MAX_SPARE_BUFFERS = 16;

/** The other side sent nothing for too long. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';
}

/**
 * Frees the memory of a read that was copied. Node makes a new buffer for every TLS record, and what the
 * garbage collector has not come round to would be most of the memory of a transfer.
 */
function release(data: Buffer): void {
  const memory = data.buffer as ArrayBuffer;
  // Node's pool, which small buffers share, is not ours to free; reads from a socket do not come from it.
  if (memory.byteLength !== Buffer.poolSize) memory.transfer(0);
}

export type Sink = (chunk: Buffer) => Promise<void> | void;

/**
 * Hands every byte to `sink` in order until the other side ends the connection; waits for the sink.
 * @returns the number of bytes
 * @throws the socket's error, the sink's error, or `SilenceError` after `idleTimeoutMs` of silence (time
 *   spent waiting for the sink does not count)
 */
export function receiveChunks(socket: Socket, sink: Sink, idleTimeoutMs: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let filling = spareBuffers.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
    let other = spareBuffers.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
    let filled = 0;
    let bytes = 0;
    /** What of the last read did not fit while both buffers were in use. */
    let rest: Buffer | null = null;
    let sinkIsBusy = false;
    let paused = false;
    let ended = false;
    let settled = false;
    let heardAt = performance.now();
    let handedOnAt = heardAt;

    const settle = (error: unknown): void => {
      if (settled) return;
      settled = true;
      clearInterval(timer);
      socket.off('data', onData).off('end', onEnd).off('error', settle).off('close', onClose);
      socket.on('error', () => undefined);
      if (error !== null) {
        // The sink may still be looking at one of the buffers: they are not used again.
        socket.destroy();
        reject(error as Error);
        return;
      }
      if (spareBuffers.length < MAX_SPARE_BUFFERS) spareBuffers.push(filling, other);
      resolve(bytes);
    };

    const handOn = (): void => {
      const chunk = filling.subarray(0, filled);
      [filling, other] = [other, filling];
      filled = 0;
      handedOnAt = performance.now();
      const pending = sink(chunk);
      if (pending === undefined) return;
      sinkIsBusy = true;
      pending.then(onSinkFree, settle);
    };

    const absorb = (data: Buffer): void => {
      let offset = 0;
      while (offset < data.length) {
        const copied = data.copy(filling, filled, offset);
        filled += copied;
        offset += copied;
        if (filled < CHUNK_BYTES) break;
        if (sinkIsBusy) {
          paused = true;
          socket.pause();
          break;
        }
        handOn();
      }
      rest = offset < data.length ? data.subarray(offset) : null;
      if (rest === null) release(data);
    };

    const onSinkFree = (): void => {
      if (settled) return;
      sinkIsBusy = false;
      try {
        if (filled === CHUNK_BYTES || (ended && filled > 0)) handOn();
        if (rest !== null) {
          const data = rest;
          rest = null;
          absorb(data);
        }
      } catch (error) {
        return settle(error);
      }
      if (paused && rest === null && filled < CHUNK_BYTES) {
        paused = false;
        heardAt = performance.now();
        socket.resume();
      }
      finishIfDone();
    };

    const finishIfDone = (): void => {
      if (ended && !sinkIsBusy && filled === 0 && rest === null) settle(null);
    };

    const onData = (data: Buffer): void => {
      bytes += data.length;
      heardAt = performance.now();
      try {
        absorb(data);
      } catch (error) {
        settle(error);
      }
    };
    const onEnd = (): void => {
      ended = true;
      try {
        if (!sinkIsBusy && filled > 0) handOn();
      } catch (error) {
        return settle(error);
      }
      finishIfDone();
    };
    const onClose = (): void => {
      if (!ended) settle(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    };
    const timer = setInterval(() => {
      const now = performance.now();
      if (!paused && !ended && now - heardAt >= idleTimeoutMs) return settle(new SilenceError());
      if (!sinkIsBusy && !ended && filled > 0 && now - handedOnAt >= FLUSH_MS) {
        try {
          handOn();
        } catch (error) {
          settle(error);
        }
      }
    }, CHECK_MS);
    socket.on('data', onData).on('end', onEnd).on('error', settle).on('close', onClose);
    if (socket.destroyed) onClose();
  });
}
