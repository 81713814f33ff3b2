/** Memory does not grow with the file: measured in a process of its own, on what would run in production. */
import { afterEach, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { endpointOf } from '../test-support/open-for-test.js';

const run = promisify(execFile);
const packageFolder = join(dirname(fileURLToPath(import.meta.url)), '../..');
const MEBIBYTE = 1024 * 1024;
const toEnd: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of toEnd.splice(0).reverse()) await end();
});

test('the peak at 2 GiB is within 20 MiB of the peak at 100 MiB', async () => {
  const root = await mkdtemp(join(tmpdir(), 'waybill-flat-'));
  toEnd.push(() => rm(root, { recursive: true, force: true }));
  const server = await startVsftpd();
  toEnd.push(() => server.stop());
  const tsc = join(packageFolder, '../../node_modules/.bin/tsc');
  await run(tsc, ['-b', packageFolder]);

  const peakFor = async (sizeBytes: number): Promise<number> => {
    await writeFile(join(root, 'zeros'), '');
    await truncate(join(root, 'zeros'), sizeBytes);
    const order = { root, endpoint: { ...endpointOf(server), password: server.password } };
    const script = join(packageFolder, 'src/test-support/measure-memory.mjs');
    const { stdout } = await run(process.execPath, [script, JSON.stringify(order)]);
    return Number(stdout);
  };
  const small = await peakFor(100 * MEBIBYTE);
  const large = await peakFor(2048 * MEBIBYTE);
  expect(small).toBeGreaterThan(30);
  expect(large).toBeLessThan(small + 20);
}, 240_000);
