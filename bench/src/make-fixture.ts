/**
 * `npm run fixture [-- partners transfers]` makes the fixture (fixture.ts) on this installation; or, on the database
 * that MIGRATION_DATABASE_URL names by the role that owns it:
 *
 *     node bench/dist/make-fixture.js [partners] [transfers]
 */
import { readFileSync } from 'node:fs';
import { installationEnvironment } from '@waybill/configuration/installation-environment.js';
import { DEFAULT_SIZE, makeFixture } from './fixture.js';

const [partners = DEFAULT_SIZE.partners, transfers = DEFAULT_SIZE.transfers, ...more] = process.argv
  .slice(2)
  .map(Number);
if (more.length > 0 || ![partners, transfers].every((count) => Number.isInteger(count) && count > 0)) {
  process.stderr.write('Usage: npm run fixture [-- <partners> <transfers>], both whole numbers from 1.\n');
  process.exit(2);
}
const environment = await installationEnvironment(process.env);
const { MIGRATION_DATABASE_URL: url, MIGRATION_DATABASE_URL_FILE: file } = environment;
const ownerUrl = url ?? (file === undefined ? undefined : readFileSync(file, 'utf8').trim());
if (!ownerUrl) {
  process.stderr.write('Set MIGRATION_DATABASE_URL to the URL of the role that owns the database.\n');
  process.exit(1);
}
const startedAt = Date.now();
try {
  await makeFixture(ownerUrl, { partners, transfers }, (line) => process.stdout.write(`${line}\n`));
  process.stdout.write(`Made in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
