/** What each played server does otherwise than the practice partner, as the documents have it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Script } from '../script.js';
import { prepareGround, type Ground } from '../test-support/practice-ground.js';
import type { TestClient } from '../test-support/test-client.js';
import { awsTransfer } from './aws-transfer.js';
import { fileZillaServer } from './filezilla-server.js';
import { globalscapeEft } from './globalscape-eft.js';
import { ibmI } from './ibm-i.js';
import { iis } from './iis.js';
import type { PlayedServer } from './played-server.js';
import { servU } from './serv-u.js';
import { zos } from './zos.js';

let ground: Ground;
beforeAll(async () => {
  ground = await prepareGround();
  await writeFile(join(ground.root, 'a.txt'), '0123456789');
});
afterEach(() => ground.clear());
afterAll(() => ground.remove());

async function logIn(played: PlayedServer): Promise<TestClient> {
  return ground.logIn(await ground.start({ script: played.script(ground.root) }));
}

/** Uploads by hand. @returns how many bytes the server sends on the data connection after its handshake */
async function bytesAfterUpload(script: Script): Promise<number> {
  // With TLS 1.3 there would be tickets.
  const client = await ground.logIn(await ground.start({ script }), { maxVersion: 'TLSv1.2' });
  const raw = await client.openData();
  await client.command('STOR up.txt');
  const secure = await client.secureData(raw);
  const { bytesRead } = raw;
  secure.resume().end('x');
  expect(await client.nextReply()).toMatch(/^226/);
  if (!secure.readableEnded) await Promise.race([once(secure, 'end'), once(secure, 'close')]);
  return raw.bytesRead - bytesRead;
}

describe('FileZilla Server', () => {
  test('refuses a data connection that does not resume, in its words', async () => {
    const client = await logIn(fileZillaServer);
    const raw = await client.openData();
    expect(await client.command('LIST')).toBe('150 About to start data transfer.');
    await client.secureData(raw, { reuse: false });
    expect(await client.nextReply()).toMatch(/^425 .*TLS session of data connection not resumed\.$/);
  });
});

describe('IIS', () => {
  test('sends no close_notify after an upload, as the practice partner does', async () => {
    expect(await bytesAfterUpload({})).toBeGreaterThan(0);
    expect(await bytesAfterUpload(iis.script(ground.root))).toBe(0);
  });

  test('lists in the DOS form, knows no MLSD, and gives nothing a name that is taken', async () => {
    const client = await logIn(iis);
    const { bytes } = await client.download('LIST');
    expect(String(bytes)).toMatch(/^\d\d-\d\d-\d\d {2}\d\d:\d\d[AP]M +10 a\.txt\r$/m);
    expect(await client.command('MLSD')).toMatch(/^500/);
    await client.command('RNFR a.txt');
    expect(await client.command('RNTO a.txt')).toMatch(/^550 .*already exists/);
  });
});

test('z/OS ends transfers with 250, and takes other names than ASCII only after LANG', async () => {
  const client = await logIn(zos);
  expect(await client.download('RETR a.txt')).toMatchObject({
    first: '125 Sending data set',
    last: '250 Transfer completed successfully.',
  });
  expect(await client.command('SIZE ä.txt')).toMatch(/^501/);
  await client.command('LANG en');
  expect(await client.command('SIZE ä.txt')).toMatch(/^550/);
});

test('Serv-U puts a full stop behind the port, and computes CRC32 of a part of a file', async () => {
  const client = await logIn(servU);
  expect(await client.command('EPSV')).toMatch(/\(\|\|\|\d+\|\)\.$/);
  // The CRC32 of "123456789" is CBF43926 (the check value of every catalogue of CRCs).
  expect(await client.command('XCRC "a.txt" 1 10')).toBe('250 CBF43926');
});

test('EFT answers 202 to what it does not do', async () => {
  expect(await (await logIn(globalscapeEft)).command('SMNT /')).toMatch(/^202 /);
});

test('AWS Transfer Family has neither REST nor APPE', async () => {
  const client = await logIn(awsTransfer);
  expect([await client.command('REST 1'), await client.command('APPE a.txt')]).toEqual([
    '502 Command not implemented',
    '502 Command not implemented',
  ]);
});

test('IBM i knows no FEAT, says EPSV with "!" and more lines than one to CWD', async () => {
  const client = await logIn(ibmI);
  expect(await client.command('FEAT')).toMatch(/^501 FEAT/);
  expect(await client.command('EPSV')).toMatch(/\(!!!\d+!\)/);
  expect(await client.command('CWD /')).toMatch(/^250-NAMEFMT set to 1\.\r\n250 /);
});
