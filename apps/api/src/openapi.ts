/** The OpenAPI document, rendered from the contracts and the decorators of the controllers. */
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { problem } from '@waybill/contracts/problems.js';
import { z } from 'zod';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const DESCRIPTION = `Everything that the console does, for your own programs.

Send an API key as \`Authorization: Bearer wbk_…\`. Every operation names the permission that it needs; a key has the
permissions of its role. Errors are problem details (RFC 9457) with a \`code\` to branch on. Lists come in pages: pass
\`nextCursor\` of one as \`cursor\` of the next, with the same filters. Fields that an operation does not know are
refused; be ready for answers to gain fields.

A transfer is started with an \`Idempotency-Key\`, so that a request may be sent again after a lost answer;
\`Idempotency-Replayed: true\` marks the answer to a request that has been carried out before. Partners, endpoints,
routes and schedules are changed and deleted with \`If-Match\` and the \`ETag\` that was read, where nobody must undo
what somebody else did meanwhile.`;

export function renderDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Waybill')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key.' }, 'apiKey')
    .addCookieAuth(
      'waybill_session',
      { type: 'apiKey', description: 'A browser session. Over https the name is `__Host-waybill_session`.' },
      'session',
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (_controller, method) => method,
    standardSchemaConverter: (schema, { schemaType }) =>
      schema instanceof z.ZodType ? convert(schema, schemaType) : undefined,
  });
  const converted = convert(problem, 'output');
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...converted.components },
    responses: {
      Problem: {
        description: 'What went wrong.',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
  for (const [path, item] of Object.entries(document.paths))
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) completeOperation(operation, { path, method });
    }
  return sortKeys(document) as OpenAPIObject;
}

/** Of the formats of JSON Schema (draft 2020-12 validation, section 7.3) those that the contracts use. */
const FORMATS = new Set<unknown>(['date-time', 'email', 'uuid']);

/** One schema; those with an id become components, wherever they stand. */
function convert(schema: z.ZodType, io: 'input' | 'output') {
  const rendered = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io,
    override: ({ jsonSchema }) => {
      // An answer may gain fields; a strict client must not break on them.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // The format says it already; the pattern of an instant alone has 300 characters. Zod's own formats say
      // nothing to anybody else.
      if (FORMATS.has(jsonSchema.format)) delete jsonSchema.pattern;
      else delete jsonSchema.format;
      // Every integer of JSON is between these two.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  const { definitions = {}, ...own } = rendered as { definitions?: Record<string, object> };
  return { schema: own, components: definitions };
}

/** Adds what follows from the rest: the ways in and the problems that an operation can answer. */
function completeOperation(operation: Operation, at: { path: string; method: string }): void {
  const { 'x-permission': permission, 'x-rate-limited': isLimited = true } = operation as {
    'x-permission'?: unknown;
    'x-rate-limited'?: boolean;
  };
  operation.security = permission === 'open' ? [] : [{ apiKey: [] }, { session: [] }];
  if (permission !== 'open' && permission !== 'signed_in')
    operation.description =
      `${operation.description ?? ''}\n\nNeeds the permission \`${String(permission)}\`.`.trim();
  const statuses = [
    ...(operation.requestBody || (operation.parameters ?? []).length > 0 ? ['400'] : []),
    ...(permission === 'open' ? [] : ['401', '403']),
    ...(at.path.includes('{') ? ['404'] : []),
    ...(at.method === 'get' ? [] : ['409']),
    ...(operation.parameters?.some((one) => 'name' in one && one.name === 'If-Match') ? ['412'] : []),
    ...(isLimited ? ['429'] : []),
    'default',
  ];
  for (const status of statuses) operation.responses[status] ??= { $ref: '#/components/responses/Problem' };
}

/** Paths and components in one order, so that the committed document changes only where the API does. */
function sortKeys(document: OpenAPIObject): object {
  const sorted = (part: object | undefined) =>
    Object.fromEntries(Object.entries(part ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    ...document,
    paths: sorted(document.paths),
    components: { ...document.components, schemas: sorted(document.components?.schemas) },
  };
}
