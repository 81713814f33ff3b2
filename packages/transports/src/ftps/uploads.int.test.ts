import { describe, expect, test } from '@jest/globals';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { moveFile } from '../move-file.js';
import { assertFails } from '../test-support/assert-fails.js';
import { download, open, start, upload } from '../test-support/hostile-partner.js';
import { memoryWith } from '../test-support/memory-with.js';
import { moveRequest } from '../test-support/move-request.js';
import { quiet } from '../test-support/open-for-test.js';
import { sourceOf } from '../test-support/real-session.js';

describe('uploads that are not whole', () => {
  test('an answer to XSHA256 of nothing but line ends costs little time', async () => {
    const XSHA256 = `250 ${'\r'.repeat(60_000)}x`;
    const server = await start({ script: { onCommand: answering({ HASH: '550 No', XSHA256 }) } });
    const target = await open(server, { idleTimeoutMs: 10_000 });
    const before = process.cpuUsage();
    expect(await target.hashByServer('/a.bin', { algorithm: 'SHA-256' })).toBeNull();
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(700);
  });

  test('a refusal to write says so and keeps the session', async () => {
    const server = await start({ script: { onCommand: answering({ STOR: '553 Could not create file.' }) } });
    const target = await open(server);
    const { memory } = memoryWith(Buffer.from('abc'));
    const request = moveRequest({
      source: memory,
      sourcePath: '/a.bin',
      target,
      targetPath: '/a.bin',
      reopenTarget: () => Promise.reject(new Error('not needed')),
    });
    const error = await assertFails(moveFile(request), 'permission_denied');
    expect(error.message).toMatch(
      /^The server refused to write into the folder \/: “553 Could not create file\.” Ask the partner/,
    );
    expect(target.usable).toBe(true);
  });

  test('paths are told as the routes have them, below the base folder', async () => {
    const server = await start({
      script: {
        onCommand: answering({
          STOR: '553 Could not create file.',
          DELE: '553 No',
          'CWD /base/no': '550 No',
        }),
      },
    });
    const target = await open(server, { basePath: '/base' });
    const write = (path: string) => target.write(path, sourceOf(Buffer.from('abc')), { signal: quiet });
    await mkdir(join(server.root, 'base'));
    const refused = await assertFails(write('/.waybill-a.part'), 'permission_denied');
    expect(refused.message).toContain('write into the folder /: “553');
    const missing = await assertFails(write('/no/.waybill-a.part'), 'not_found');
    expect(missing.message).toContain("no folder /no below the endpoint's base folder /base, or");
    expect(missing.message).toMatch(/correct the target path of the route\.$/);
    const settings = { temporaryName: 'folder', temporaryFolder: '/no/' } as const;
    const elsewhere = await open(server, { basePath: '/base', settings });
    const path = '/no/.waybill-a.part';
    const temporary = elsewhere.write(path, sourceOf(Buffer.from('abc')), { signal: quiet });
    expect((await assertFails(temporary, 'not_found')).message).toMatch(
      /correct the folder for temporary names at the endpoint\.$/,
    );
    const kept = await assertFails(target.remove('/.waybill-a.part'), 'permission_denied');
    expect(kept.message).toContain('remove /.waybill-a.part: “553');
  });
});

test('a file is removed when the server says so, and not when it ends a transfer once more', async () => {
  const server = await start({ script: { onCommand: answering({ DELE: '226 Transfer complete.' }) } });
  const target = await open(server);
  const error = await assertFails(target.remove('/a.bin'), 'protocol_error');
  expect(error.message).toContain('did not answer whether it would remove /a.bin');
  expect(target.usable).toBe(false);
});

test('a server without SIZE and MLST is asked for its listing, up and down, also for what is not there', async () => {
  const features = ['211-Features:', ' MDTM', ' REST STREAM', '211 End'];
  const server = await start({
    script: { onCommand: answering({ FEAT: features, SIZE: '502 No SIZE', MLST: '502 No MLST' }) },
  });
  const bytes = Buffer.from('counted all the same');
  const moved = await upload(server, bytes);
  expect(moved).toMatchObject({ bytes: bytes.length, verification: 'size' });
  const files = await download(server);
  expect(files.get('/got.bin')?.bytes).toEqual(bytes);
  const transport = await open(server);
  expect(await transport.stat('/other.bin')).toBeNull();
  expect(await transport.stat('/a.bin')).toMatchObject({ kind: 'file', sizeBytes: bytes.length });
  expect(server.commands.filter((line) => line.startsWith('SIZE')).length).toBeLessThan(8);
});
