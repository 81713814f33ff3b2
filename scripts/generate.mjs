/**
 * `npm run generate`: writes anew what is generated and committed: the API document, the client's types, and the
 * pages about the settings of an endpoint and about hostile servers.
 * With `--check` nothing is changed; it fails when what is committed is not what would be generated.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const generated = [
  'packages/api-client/openapi.json',
  'packages/api-client/src/schema.ts',
  'docs/endpoint-settings.md',
  'docs/hostile-servers.md',
];
const writers = [
  ['apps/api/dist/write-openapi.js'],
  ['apps/api/dist/write-settings-page.js'],
  ['--import', './scripts/load-source.mjs', 'packages/transports/src/hostile/write-catalogue.ts'],
];
const isCheck = process.argv.includes('--check');

const before = new Map(generated.map((path) => [path, read(path)]));
try {
  for (const writer of writers) execFileSync(process.execPath, writer, { cwd: root, stdio: 'inherit' });
} finally {
  const stale = generated.filter((path) => read(path) !== before.get(path));
  if (isCheck) {
    for (const path of stale)
      if (before.get(path) !== null) writeFileSync(join(root, path), before.get(path));
    if (stale.length > 0) {
      console.error(`Not current: ${stale.join(', ')}. Run "npm run generate" and commit the result.`);
      process.exitCode = 1;
    }
  } else for (const path of stale) console.log(`Written: ${path}`);
}

function read(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return null;
  }
}
