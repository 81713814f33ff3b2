/** Changes that are made only to what the caller has seen (RFC 9110 §13.1.1): the version is `updatedAt`. */
import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { Request } from 'express';

/** The version of the header If-Match; undefined where there is none, and for `*`, which every version matches. */
export const SeenVersion = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined => {
    const header = context.switchToHttp().getRequest<Request>().get('if-match');
    return header === undefined || header === '*' ? undefined : header.replace(/^"(.*)"$/, '$1');
  },
);

/** Says so in the document. */
export const ApiIfMatch = () =>
  ApiHeader({
    name: 'If-Match',
    required: false,
    description:
      'The ETag of the answer that you have read, which is its updatedAt in quotes: the change is refused with ' +
      '412 where somebody else has made one meanwhile.',
  });

/** The header ETag of an answer; undefined for one without a version. */
export function etagOf(answer: unknown): string | undefined {
  const version = (answer as { updatedAt?: unknown } | null | undefined)?.updatedAt;
  return typeof version === 'string' ? `"${version}"` : undefined;
}
