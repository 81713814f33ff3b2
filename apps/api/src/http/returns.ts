/** What an operation answers: one decorator sets the status, what is let out, and the document. */
import { STATUS_CODES } from 'node:http';
import {
  type CallHandler,
  type ExecutionContext,
  HttpCode,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  applyDecorators,
} from '@nestjs/common';
import { ApiResponse, type ApiResponseOptions } from '@nestjs/swagger';
import type { Response } from 'express';
import { map } from 'rxjs';
import type { z } from 'zod';
import { etagOf } from './if-match.js';

const RETURNS = 'waybill:returns';

/**
 * The answer is a body of this shape; a field that the schema does not name stays inside.
 * @param headers what the document says of headers that the operation sets itself
 */
export function Returns(
  schema: z.ZodType,
  status = 200,
  headers?: ApiResponseOptions['headers'],
): MethodDecorator {
  return applyDecorators(
    HttpCode(status),
    SetMetadata(RETURNS, schema),
    ApiResponse({
      status,
      standardSchema: schema,
      description: STATUS_CODES[status] ?? '',
      ...(headers && { headers }),
    }),
  );
}

/** The answer has no body (204). */
export function ReturnsNothing(): MethodDecorator {
  return applyDecorators(HttpCode(204), ApiResponse({ status: 204, description: 'Done' }));
}

/** Lets out what the contract names and nothing else; an answer that breaks its contract is a fault of ours. */
@Injectable()
export class ReturnsInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler) {
    const schema = Reflect.getMetadata(RETURNS, context.getHandler()) as z.ZodType | undefined;
    if (schema === undefined) return next.handle();
    const response = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(
      map((answer) => {
        const checked = schema.parse(answer);
        const etag = etagOf(checked);
        if (etag !== undefined) response.setHeader('ETag', etag);
        return checked;
      }),
    );
  }
}
