/** The one place where an error becomes an answer: RFC 9457 problem details. */
import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { type ProblemBody, problemBody } from '@waybill/contracts/problems.js';
import { Problem } from '@waybill/domain/problem.js';
import type { Response } from 'express';
import type { Logger } from 'pino';
import { LOG } from '../tokens.js';
import { allowedMethods } from './allowed-methods.js';
import type { ApiRequest } from './api-request.js';

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const response = http.getResponse<Response>();
    const request = http.getRequest<ApiRequest>();
    const { requestId } = request;
    const problem = toProblem(error, request);
    if (problem === null) this.log.error({ requestId, err: error }, 'request failed');
    if (problem?.code === 'not_ready') this.log.info({ requestId, err: error }, 'not ready');
    // A stream that has begun cannot turn into an answer of another shape.
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const body: ProblemBody = {
      ...problemBody(problem?.code ?? 'internal', problem?.detail),
      requestId,
      errors: problem?.errors,
    };
    if (body.status === 401) response.setHeader('WWW-Authenticate', 'Bearer realm="Waybill"');
    if (body.status === 405) response.setHeader('Allow', allowedMethods(request).join(', '));
    // Asked what the address knows, with no other question.
    if (body.status === 405 && request.method === 'OPTIONS') response.status(204).end();
    else response.status(body.status).type('application/problem+json').send(JSON.stringify(body));
  }
}

/** Prisma's codes for "no connection within the time": P1001, P1002, P1008, P1017 the server, P2024, P2028 the pool. */
const DATABASE_AWAY = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'ECONNREFUSED']);

/** Null for what nobody meant. */
function toProblem(error: unknown, request: ApiRequest): Problem | null {
  if (error instanceof Problem) return error;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && DATABASE_AWAY.has(code))
    return new Problem('not_ready', 'The database does not answer. Try again in a moment.', { cause: error });
  if (!(error instanceof HttpException)) return null;
  // What the router, the body parser and the sender of files throw, before an operation is reached.
  switch (error.getStatus()) {
    case 400:
      return new Problem('invalid_input', unreadable(error.cause), { cause: error });
    case 404: {
      const methods = allowedMethods(request);
      return methods.length === 0 || methods.includes(request.method)
        ? new Problem('not_found', 'There is nothing at this address.')
        : new Problem('method_not_allowed', `It knows ${methods.join(', ')}.`);
    }
    case 412:
      return new Problem('changed_meanwhile', 'Ask for it without conditions.', { cause: error });
    case 413:
      return new Problem('too_large', 'A request may have 256 kB.', { cause: error });
    case 415:
      return new Problem('invalid_input', 'Send the body as JSON in UTF-8, not compressed.', {
        cause: error,
      });
    default:
      return null;
  }
}

function unreadable(cause: unknown): string {
  if (cause instanceof SyntaxError) return 'The body is not a valid JSON object.';
  return cause instanceof URIError ? 'The address is not well encoded.' : 'The request cannot be read.';
}
