/** What cannot even be read as HTTP never reaches the application; it is answered in the same form all the same. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ProblemCode, problemBody } from '@waybill/contracts/problems.js';

const CODES: Record<string, [code: ProblemCode, detail: string]> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The head of a request has at most 16 kB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['too_slow', 'The request did not arrive whole in time.'],
};

/** For `server.on('clientError')`. */
export function answerBroken(error: NodeJS.ErrnoException, socket: Duplex & { bytesWritten?: number }): void {
  // In the middle of an answer, another one would be taken for a part of it.
  if (!socket.writable || error.code === 'ECONNRESET' || (socket.bytesWritten ?? 0) > 0) {
    socket.destroy();
    return;
  }
  const problem = problemBody(
    ...(CODES[error.code ?? ''] ?? ['invalid_input' as const, 'This is not a request of HTTP/1.1.']),
  );
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nConnection: close\r\n` +
      `Content-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
