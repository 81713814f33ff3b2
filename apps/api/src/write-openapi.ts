/**
 * Writes the API document and the types of the client from it: `packages/api-client/openapi.json` and
 * `packages/api-client/src/schema.ts`. Needs no database and no configuration.
 */
import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { renderDocument } from './openapi.js';

const client = new URL('../../../packages/api-client/', import.meta.url);
const app = await NestFactory.create(AppModule.with({}), { logger: ['error'], abortOnError: false });
writeFileSync(new URL('openapi.json', client), `${JSON.stringify(renderDocument(app), null, 2)}\n`);
await app.close();
// In a process of its own, in a package of its own: it needs an older TypeScript.
execFileSync(process.execPath, [fileURLToPath(new URL('write-schema.mjs', client))], { stdio: 'inherit' });
