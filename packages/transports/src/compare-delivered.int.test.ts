import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { compareDelivered, isStillWhole } from './compare-delivered.js';
import { open, start } from './test-support/hostile-partner.js';
import { quiet } from './test-support/open-for-test.js';

describe('comparing after a crash', () => {
  test('tells delivered, different, partial and absent apart', async () => {
    const server = await start();
    const target = await open(server);
    const bytes = Buffer.from('the content');
    const request = {
      target,
      targetPath: '/a.bin',
      temporaryPath: '/.a.part',
      sizeBytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      signal: quiet,
    };
    expect(await compareDelivered(request)).toBe('not_there');
    await writeFile(join(server.root, '.a.part'), 'the');
    expect(await compareDelivered(request)).toBe('only_temporary');
    await rm(join(server.root, '.a.part'));
    await writeFile(join(server.root, 'a.bin'), 'THE CONTENT');
    expect(await compareDelivered(request)).toBe('different');
    await writeFile(join(server.root, 'a.bin'), bytes);
    expect(await compareDelivered(request)).toBe('delivered');
    expect(await compareDelivered({ ...request, sizeBytes: 3 })).toBe('different');
  });

  test('reads the file back where the server computes no hash', async () => {
    const server = await start({ script: { onCommand: answering({ FEAT: '211 No features' }) } });
    await mkdir(join(server.root, 'in'));
    await writeFile(join(server.root, 'in/a.bin'), 'abc');
    const target = await open(server);
    const sha256 = createHash('sha256').update('abc').digest('hex');
    const request = {
      target,
      targetPath: '/in/a.bin',
      temporaryPath: '/in/.a',
      sizeBytes: 3,
      sha256,
      signal: quiet,
    };
    expect(await compareDelivered(request)).toBe('delivered');
    expect(await compareDelivered({ ...request, sha256: 'ef'.repeat(32) })).toBe('different');
  });

  test('takes what is whole by its size for the file only where the endpoint does not insist on more', async () => {
    const answers = { FEAT: '211 No features', RETR: '550 Permission denied.' };
    const server = await start({ script: { onCommand: answering(answers) } });
    await writeFile(join(server.root, '.a'), 'abc');
    for (const [verification, whole] of [
      ['best', 'size'],
      ['read_back', null],
      ['server_hash', null],
    ] as const) {
      const request = {
        target: await open(server, { settings: { verification } }),
        targetPath: '/a',
        temporaryPath: '/.a',
        sizeBytes: 3,
        sha256: createHash('sha256').update('abc').digest('hex'),
        signal: quiet,
      };
      expect(await isStillWhole(request)).toBe(whole);
      expect(await isStillWhole({ ...request, sizeBytes: 4 })).toBeNull();
    }
  });
});
