/** Reading what a proxy answers, and not one byte more: what follows belongs to the server. */
import type { Socket } from 'node:net';
import { ProxyRefusedError } from './proxy-route.js';

/** No answer of a proxy needs more. */
const MAX_ANSWER_BYTES = 16 * 1024;

/**
 * Reads until `parse` finds its answer at the beginning of the bytes; what came behind it is put back into the socket.
 * @param parse the answer and its length in bytes; null where more is needed
 * @throws what `parse` throws; ProxyRefusedError where the answer has no end; the socket's error
 */
export function readAnswer<T>(
  socket: Socket,
  parse: (bytes: Buffer) => { answer: T; length: number } | null,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let held: Buffer = Buffer.alloc(0);
    const letGo = (): void => {
      socket.off('readable', onReadable).off('end', onEnd).off('error', onError).off('close', onEnd);
    };
    const onError = (error: Error): void => {
      letGo();
      reject(error);
    };
    const onEnd = (): void => {
      letGo();
      reject(new ProxyRefusedError('closed the connection without an answer.', 'setup'));
    };
    const onReadable = (): void => {
      for (let chunk = socket.read(); chunk !== null; chunk = socket.read())
        held = Buffer.concat([held, chunk as Buffer]);
      try {
        const parsed = parse(held);
        if (parsed === null && held.length < MAX_ANSWER_BYTES) return;
        letGo();
        if (parsed === null) throw new ProxyRefusedError('sent an answer without end.', 'setup');
        const rest = held.subarray(parsed.length);
        if (rest.length > 0) socket.unshift(rest);
        resolve(parsed.answer);
      } catch (error) {
        letGo();
        reject(error);
      }
    };
    socket.on('readable', onReadable).on('end', onEnd).on('error', onError).on('close', onEnd);
    if (socket.destroyed) onEnd();
  });
}
