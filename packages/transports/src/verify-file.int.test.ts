import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import { afterDoing, answering } from '@waybill/ftps-server/behaviours.js';
import type { Script } from '@waybill/ftps-server/script.js';
import { createRunningHash, type HashAlgorithm } from './hash-algorithms.js';
import { openMemory } from './memory.js';
import { moveFile, type MoveRequest, type MoveResult } from './move-file.js';
import { assertFails } from './test-support/assert-fails.js';
import { download, type HostilePartner, open, start, upload } from './test-support/hostile-partner.js';
import { moveRequest } from './test-support/move-request.js';
import type { EndpointChanges } from './test-support/open-for-test.js';

const BYTES = Buffer.from('the content of the file\n'.repeat(5000));

/** FEAT with these lines and no more. */
const features = (...lines: string[]): string[] => [
  '211-Features:',
  ...lines.map((line) => ` ${line}`),
  '211 End',
];
const PLAIN = ['UTF8', 'SIZE', 'MDTM', 'REST STREAM'];

async function send(
  server: HostilePartner,
  settings: Partial<FtpsSettings>,
  changes: Partial<MoveRequest> = {},
): Promise<MoveResult> {
  const reopenTarget = () => open(server, { settings, permitted: ['no_verification'] });
  return upload(server, BYTES, { target: await reopenTarget(), reopenTarget, ...changes });
}

const hashOf = (algorithm: HashAlgorithm, bytes = BYTES): string => {
  const hash = createRunningHash(algorithm);
  hash.update(bytes);
  return hash.digest();
};

/** Keeps what was sent with its first byte changed, and says that all is well. */
const corrupting = (root: () => string): Script['onReply'] =>
  answering({
    'STOR 226': afterDoing(async () => {
      const [name = ''] = await readdir(root());
      const kept = await readFile(join(root(), name));
      kept[0]! ^= 1;
      await writeFile(join(root(), name), kept);
    }),
  });

describe('the ladder', () => {
  test('the best that a server offers is taken, and which it was is said', async () => {
    const cases: { feat: string[]; answers: Record<string, string>; expected: object }[] = [
      {
        feat: ['HASH SHA-256*'],
        answers: {},
        expected: { verification: 'server_hash', verificationAlgorithm: 'SHA-256' },
      },
      {
        feat: ['XMD5', 'XCRC'],
        answers: { XMD5: `250 ${hashOf('MD5').toUpperCase()}` },
        expected: { verification: 'server_hash', verificationAlgorithm: 'MD5' },
      },
      {
        feat: ['XCRC filename;start;end'],
        answers: { XCRC: `250 ${hashOf('CRC32')}` },
        expected: { verification: 'server_hash', verificationAlgorithm: 'CRC32' },
      },
      {
        feat: ['HASH SHA-512*;SHA-1'],
        answers: { HASH: `213 SHA-512 0-${BYTES.length} ${hashOf('SHA-512')} a`, OPTS: '200 SHA-512' },
        expected: { verification: 'server_hash', verificationAlgorithm: 'SHA-512' },
      },
      {
        feat: ['XSHA1'],
        answers: { XSHA1: '502 Not now' },
        expected: { verification: 'size', verificationAlgorithm: null },
      },
      { feat: [], answers: {}, expected: { verification: 'size', verificationAlgorithm: null } },
    ];
    for (const { feat, answers, expected } of cases) {
      const FEAT = features(...PLAIN, ...feat);
      const server = await start({ script: { onCommand: answering({ FEAT, ...answers }) } });
      expect(await send(server, {})).toMatchObject({ ...expected, sha256: hashOf('SHA-256') });
      expect(await readdir(server.root)).toEqual(['a.bin']);
    }
  });

  test('a weak hash that differs is found too', async () => {
    const FEAT = features(...PLAIN, 'XCRC');
    const server = await start({ script: { onCommand: answering({ FEAT, XCRC: '250 0badf00d' }) } });
    const error = await assertFails(send(server, {}), 'hash_mismatch');
    expect(error.message).toContain('another CRC32');
    expect(await readdir(server.root)).toEqual([]);
  });

  test('where the endpoint insists on a hash, nothing is written to a server without one', async () => {
    const server = await start({ script: { onCommand: answering({ FEAT: features(...PLAIN) }) } });
    const error = await assertFails(
      send(server, { verification: 'server_hash' }),
      'verification_unavailable',
    );
    expect(error.message).toContain('Choose another verification');
    expect(server.commands.filter((line) => line.startsWith('STOR'))).toEqual([]);
    const refusing = await start({ script: { onCommand: answering({ HASH: '550 No', XSHA256: '550 No' }) } });
    await assertFails(send(refusing, { verification: 'server_hash' }), 'verification_unavailable');
    expect(await readdir(refusing.root)).toEqual([]);
  });

  test('a source that insists on a hash is read from only where there is one', async () => {
    const server = await start({ script: { onCommand: answering({ FEAT: features(...PLAIN) }) } });
    await writeFile(join(server.root, 'a.bin'), BYTES);
    const settings = { verification: 'server_hash' } as const;
    await assertFails(download(server, { settings }), 'verification_unavailable');
    expect(server.commands.filter((line) => line.startsWith('RETR'))).toEqual([]);
  });

  test('reading back finds what a server has changed that counts right', async () => {
    const FEAT = features(...PLAIN);
    const honest = await start({ script: { onCommand: answering({ FEAT }) } });
    expect(await send(honest, { verification: 'read_back' })).toMatchObject({
      verification: 'read_back',
      verificationAlgorithm: 'SHA-256',
    });
    const server: HostilePartner = await start({
      script: { onCommand: answering({ FEAT }), onReply: corrupting(() => server.root) },
    });
    await assertFails(send(server, { verification: 'read_back' }), 'hash_mismatch');
    expect(await readdir(server.root)).toEqual([]);
  });

  test('reading back is left out where the server computes a strong hash, and not for a weak one', async () => {
    const strong = await start();
    expect(await send(strong, { verification: 'read_back' })).toMatchObject({ verification: 'server_hash' });
    const FEAT = features(...PLAIN, 'XMD5');
    const weak = await start({ script: { onCommand: answering({ FEAT }) } });
    expect(await send(weak, { verification: 'read_back' })).toMatchObject({ verification: 'read_back' });
  });

  test('a server that lets nothing be read back cannot verify so', async () => {
    const answers = { FEAT: features(...PLAIN), RETR: '550 Permission denied.' };
    const server = await start({ script: { onCommand: answering(answers) } });
    const failed = send(server, { verification: 'read_back' });
    await assertFails(failed, 'verification_unavailable');
  });

  test('the size alone is asked for where the endpoint wants no more', async () => {
    const server = await start();
    expect(await send(server, { verification: 'size' })).toMatchObject({ verification: 'size' });
    expect(server.commands.filter((line) => /^(HASH|XSHA)/.test(line))).toEqual([]);
  });

  test('nothing is compared where the endpoint wants that, and both channels still have to agree', async () => {
    const server = await start();
    expect(await send(server, { verification: 'none' })).toMatchObject({
      verification: 'none',
      verificationAlgorithm: null,
    });
    const refusing = await start({ script: { onReply: answering({ 'STOR 226': '451 Local error' }) } });
    await assertFails(send(refusing, { verification: 'none' }), 'server_error');
  });
});

describe('line ends that the server changes', () => {
  test('a file is sent in ASCII, and everything else is asked for in binary', async () => {
    const server = await start();
    expect(await send(server, { transferType: 'ascii' })).toMatchObject({ verification: 'none' });
    const types = server.commands
      .filter((line) => /^(TYPE|STOR|RNFR|SIZE|MLST)/.test(line))
      .map((line) => line.slice(0, 6));
    expect(types).toEqual(expect.arrayContaining(['TYPE A']));
    const stored = types.indexOf('STOR /');
    expect(types[stored - 1]).toBe('TYPE A');
    expect(types[stored + 1]).toBe('TYPE I');
    expect(await readFile(join(server.root, 'a.bin'), 'utf8')).toBe(
      BYTES.toString().replaceAll('\n', '\r\n'),
    );
  });

  test('what the server has made of them is no reason to doubt, before the rename and after', async () => {
    const server: HostilePartner = await start({
      script: {
        onReply: answering({
          'STOR 226': afterDoing(async () => {
            const [name = ''] = await readdir(server.root);
            await writeFile(join(server.root, name), BYTES.toString().replaceAll('\n', '\r\n'));
          }),
        }),
      },
    });
    expect(await send(server, { transferType: 'ascii' })).toMatchObject({ verification: 'none' });
    expect(await readdir(server.root)).toEqual(['a.bin']);
  });

  test('lines that end with CR LF on the way end with LF here, and no more comes than twice the file', async () => {
    const changes: EndpointChanges = { settings: { transferType: 'ascii' }, permitted: ['no_verification'] };
    const sending =
      (text: string): Script['onDataOpen'] =>
      (_session, verb) =>
        verb === 'RETR'
          ? {
              replaceContent: async function* () {
                yield Buffer.from(text);
              },
            }
          : undefined;
    const server = await start({ script: { onDataOpen: sending('one\r\ntwo\r\n') } });
    await writeFile(join(server.root, 'a.bin'), 'one\ntwo\n');
    const files = await download(server, changes);
    expect(files.get('/got.bin')?.bytes.toString()).toBe('one\ntwo\n');
    const target = openMemory(new Map(), 'target');
    const request = moveRequest({
      source: await open(server, changes),
      sourcePath: '/a.bin',
      target,
      targetPath: '/got.bin',
      reopenTarget: async () => target,
    });
    expect(await moveFile(request)).toMatchObject({ verification: 'none', verificationAlgorithm: null });
    const endless = await start({ script: { onDataOpen: sending('x'.repeat(17)) } });
    await writeFile(join(endless.root, 'a.bin'), 'one\ntwo\n');
    await assertFails(download(endless, changes), 'size_mismatch');
    const cut = await start({ script: { onDataOpen: sending('one\r\ntw') } });
    await writeFile(join(cut.root, 'a.bin'), 'one\ntwo\n');
    await assertFails(download(cut, changes), 'truncated');
  });

  test('a server that knows no ASCII says so, and the session is not used any more', async () => {
    const server = await start({
      script: {
        onCommand: (_session, verb, argument) => (verb === 'TYPE' && argument === 'A' ? '504 No' : undefined),
      },
    });
    const target = await open(server, {
      settings: { transferType: 'ascii' },
      permitted: ['no_verification'],
    });
    await assertFails(upload(server, BYTES, { target }), 'protocol_error');
    expect(target.usable).toBe(false);
  });
});

describe('the time of a file', () => {
  test('is that of its source where the endpoint wants that and the server can', async () => {
    const server = await start();
    const result = await send(server, { keepModifiedTime: true });
    const { mtime } = await stat(join(server.root, 'a.bin'));
    const second = (at: Date | null) => Math.trunc((at?.getTime() ?? 0) / 1000);
    expect(second(mtime)).toBe(second(result.sourceModifiedAt));
    expect(server.commands.filter((line) => line.startsWith('MFMT'))).toHaveLength(1);
  });

  test('is no reason to fail', async () => {
    const server = await start({ script: { onCommand: answering({ MFMT: '550 Not yours' }) } });
    const result = await send(server, { keepModifiedTime: true });
    expect(result.timeline.map(({ detail }) => detail).join()).toContain('does not take its time');
    expect(
      createHash('sha256')
        .update(await readFile(join(server.root, 'a.bin')))
        .digest('hex'),
    ).toBe(result.sha256);
  });
});
