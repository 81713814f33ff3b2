/** Node has a variable that switches the check of certificates off for a whole process: ours is not moved by it. */
import { beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeCertificate } from '@waybill/ftps-server/certificates.js';
import type { FtpsEndpoint } from '../endpoint.js';
import { endpoint, start } from '../test-support/hostile-partner.js';

const run = promisify(execFile);
const packageFolder = join(import.meta.dirname, '../..');
beforeAll(() => run(join(packageFolder, '../../node_modules/.bin/tsc'), ['-b', packageFolder]));

async function tryToOpen(to: FtpsEndpoint): Promise<string> {
  const script = join(packageFolder, 'src/test-support/try-to-open.mjs');
  const order = JSON.stringify({ ...to, password: to.password.reveal() });
  const env = { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  return (await run(process.execPath, [script, order], { env })).stdout;
}

test('a certificate of an unknown authority, or for another name, is refused under NODE_TLS_REJECT_UNAUTHORIZED=0', async () => {
  const stranger = await makeCertificate({ commonName: 'stranger', use: 'ca' });
  const server = await start();
  const caPems = [stranger.cert];
  expect(await tryToOpen(endpoint(server))).toBe('opened');
  expect(await tryToOpen(endpoint(server, { trust: { mode: 'chosen_cas', caPems } }))).toBe(
    'certificate_untrusted',
  );
  expect(await tryToOpen(endpoint(server, { serverName: 'another.example' }))).toBe('certificate_wrong_host');
});
