import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { AppModule } from './app.module.js';
import { renderDocument } from './openapi.js';
import { declaredOperations } from './testing/operations.js';

const COMMITTED = new URL('../../../packages/api-client/openapi.json', import.meta.url);

let document: OpenAPIObject;
beforeAll(async () => {
  const app = await NestFactory.create(AppModule.with({}), { logger: false });
  document = renderDocument(app);
  await app.close();
});

const operationsOf = (of: OpenAPIObject) =>
  Object.entries(of.paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Record<string, unknown>>).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation: operation as {
        operationId: string;
        summary?: string;
        'x-permission'?: string;
        parameters?: { name: string; in: string }[];
        responses: Record<string, { $ref?: string; content?: Record<string, { schema?: object }> }>;
      },
    })),
  );

test('the committed document is current: run `npm run generate` after a change', () => {
  expect(JSON.parse(readFileSync(COMMITTED, 'utf8'))).toEqual(JSON.parse(JSON.stringify(document)));
});

test('every operation has a summary of its own, a permission, an answer and problems', () => {
  const operations = operationsOf(document);
  for (const { name, operation } of operations) {
    const { summary, responses } = operation;
    expect([name, typeof summary, typeof operation['x-permission']]).toEqual([name, 'string', 'string']);
    expect([name, responses.default]).toEqual([name, { $ref: '#/components/responses/Problem' }]);
    const [status, answer] = Object.entries(responses).find(([code]) => code.startsWith('2')) ?? [];
    const bodies = Object.values(answer?.content ?? {}).filter(({ schema }) => schema !== undefined);
    expect([name, bodies.length]).toEqual([name, status === '204' ? 0 : 1]);
  }
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const summaries = operations.map(({ operation }) => operation.summary);
  expect(new Set(summaries).size).toBe(summaries.length);
});

test('the document names every operation but the files of its own page', () => {
  const documented = new Set(operationsOf(document).map(({ name }) => name));
  const missing = declaredOperations()
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    .filter((name) => !documented.has(name));
  expect(missing).toEqual(['GET /api/docs', 'GET /api/docs/page.js', 'GET /api/docs/page.css']);
});

test('only what monitors ask is never answered with 429', () => {
  const unlimited = operationsOf(document).filter(({ operation }) => !('429' in operation.responses));
  expect(unlimited.map(({ name }) => name)).toEqual(['GET /healthz', 'GET /readyz']);
});

test('every list has its parameters in the document', () => {
  const lists = operationsOf(document).filter(
    ({ operation }) => operation.operationId.startsWith('list') && operation.operationId !== 'listLocalRoots',
  );
  const without = lists.filter(
    ({ operation }) => !operation.parameters?.some((one) => one.name === 'cursor'),
  );
  expect(lists.length).toBeGreaterThan(9);
  expect(without.map(({ name }) => name)).toEqual([]);
});

test('every reference in the document leads somewhere', () => {
  const text = JSON.stringify(document);
  const references = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(50);
  const components = document.components as Record<string, Record<string, unknown>>;
  for (const [, kind = '', name = ''] of references) expect(components[kind]).toHaveProperty(name);
  expect(text.match(/"\$ref":"(?!#\/components\/)/)).toBeNull();
});

test('every format in the document is one that JSON Schema knows', () => {
  const formats = [...JSON.stringify(document).matchAll(/"format":"([^"]*)"/g)].map(([, format]) => format);
  expect([...new Set(formats)].toSorted()).toEqual(['date-time', 'email', 'uuid']);
  const { EndpointCreate, NetworkAllowCreate } = JSON.parse(JSON.stringify(document.components?.schemas));
  expect(JSON.stringify(EndpointCreate)).toContain('"pattern":"^\\\\/.*"');
  expect(NetworkAllowCreate.properties.cidr).toMatchObject({ type: 'string', maxLength: 50 });
});

test('no named schema has two faces: what goes in is what comes out', () => {
  const faces = (io: 'input' | 'output') => {
    const { schemas } = z.toJSONSchema(z.globalRegistry, {
      io,
      override: ({ jsonSchema }) => {
        if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    });
    return schemas;
  };
  const inputs = faces('input');
  expect(Object.keys(inputs).length).toBeGreaterThan(30);
  expect(faces('output')).toEqual(inputs);
});
