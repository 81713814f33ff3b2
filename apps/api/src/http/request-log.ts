/** Gives every request its id, and the log one line for each answer: facts only, no body, no query. */
import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import type { ApiRequest } from './api-request.js';

export function requestLog(log: Logger) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const startedAt = performance.now();
    const requestId = randomUUID();
    const apiRequest = Object.assign(request, { requestId }) as ApiRequest;
    response.setHeader('X-Request-Id', requestId);
    // Read now: static files change the path on their way.
    const { method, path } = request;
    response.on('close', () => {
      log.info(
        {
          requestId,
          method,
          path: path.slice(0, 300),
          status: response.statusCode,
          durationMs: Math.round(performance.now() - startedAt),
          finished: response.writableFinished,
          actorKind: apiRequest.actor?.kind,
          actorId: apiRequest.actor?.id ?? undefined,
        },
        'request',
      );
    });
    next();
  };
}
