/** `npm run interop`: runs the conformance suite against every server, and writes what it showed into docs/interoperability.md. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { writeDocument } from '../packages/transports/src/conformance/interoperability-table.ts';

const root = join(import.meta.dirname, '..');
const document = join(root, 'docs/interoperability.md');
const results = mkdtempSync(join(tmpdir(), 'waybill-interop-'));

try {
  const code = await runSuite();
  const servers = readdirSync(results).map((name) => JSON.parse(readFileSync(join(results, name), 'utf8')));
  if (servers.length === 0) throw new Error('No server has left a result.');
  const text = writeDocument(servers);
  const options = { ...(await resolveConfig(document)), parser: 'markdown' };
  if (code === 0) writeFileSync(document, await format(text, options));
  console.log(code === 0 ? `Written: ${document}` : 'Tests failed: nothing was written.');
  process.exitCode = code;
} finally {
  rmSync(results, { recursive: true });
}

function runSuite() {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const env = { ...process.env, NODE_OPTIONS: flags.join(' '), WAYBILL_WRITE_INTEROP: results };
  const selected = [
    '--selectProjects',
    'int',
    '--testPathPatterns',
    'transports/src/conformance',
    '--maxWorkers=2',
  ];
  const child = spawn(process.execPath, [jest, ...selected], { cwd: root, env, stdio: 'inherit' });
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}
