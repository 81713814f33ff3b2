/** Writes the types of the client from openapi.json. Run by apps/api/src/write-openapi.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const document = JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8'));
const types = await openapiTS(document, { alphabetize: true });
const header = '// Generated from openapi.json by `npm run generate`. Do not edit.\n';
writeFileSync(new URL('src/schema.ts', import.meta.url), header + astToString(types));
