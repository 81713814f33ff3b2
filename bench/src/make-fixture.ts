/**
 * Makes the fixture (fixture.ts) in the database that MIGRATION_DATABASE_URL or DATABASE_URL names, as its owner:
 *
 *     node bench/dist/make-fixture.js [partners] [transfers]
 */
import { DEFAULT_SIZE, makeFixture } from './fixture.js';

const url = process.env.MIGRATION_DATABASE_URL ?? process.env.DATABASE_URL;
if (!url) {
  process.stderr.write('Set DATABASE_URL to a database of its own, as the role that owns it.\n');
  process.exit(1);
}
const [partners = DEFAULT_SIZE.partners, transfers = DEFAULT_SIZE.transfers] = process.argv
  .slice(2)
  .map(Number);
const startedAt = Date.now();
await makeFixture(url, { partners, transfers }, (line) => process.stdout.write(`${line}\n`));
process.stdout.write(`Made in ${((Date.now() - startedAt) / 1000).toFixed(1)} s.\n`);
