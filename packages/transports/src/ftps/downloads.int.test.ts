import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepName } from '@waybill/contracts/session-facts.js';
import { afterDoing, answering } from '@waybill/ftps-server/behaviours.js';
import { moveFile } from '../move-file.js';
import { download, type HostilePartner, open, start } from '../test-support/hostile-partner.js';
import { memoryWith } from '../test-support/memory-with.js';
import { TransportError } from '../transport-error.js';
import { assertFails } from '../test-support/assert-fails.js';
import { moveRequest } from '../test-support/move-request.js';
import type { Transport } from '../transport.js';

test('a server that tells nothing about names with a dot in front is collected from', async () => {
  const server = await start({
    script: {
      onCommand: (_session, _verb, argument) =>
        argument.includes('/.') ? '553 Prohibited file name' : undefined,
    },
  });
  await writeFile(join(server.root, 'a.bin'), 'content');
  expect((await download(server)).get('/got.bin')?.bytes.toString()).toBe('content');
});

describe('a server that gives each file once', () => {
  const lost = (step: StepName) => new TransportError('connection_lost', step, 'It broke off.');
  const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');
  const givingOnce = async (): Promise<HostilePartner> => {
    const server = await start({
      script: { onReply: answering({ 'RETR 226': afterDoing(() => rm(join(server.root, 'a.bin'))) }) },
    });
    await writeFile(join(server.root, 'a.bin'), 'the only copy');
    return server;
  };

  test('has given it when all bytes came and it said so', async () => {
    const files = await download(await givingOnce());
    expect(files.get('/got.bin')?.bytes.toString()).toBe('the only copy');
  });

  test('leaves the only copy with us: it stays under its temporary name where it cannot be renamed', async () => {
    const source = await open(await givingOnce());
    const { memory, files } = memoryWith(Buffer.from('in the way'));
    const request = moveRequest({
      source,
      sourcePath: '/a.bin',
      target: memory,
      targetPath: '/got.bin',
      reopenTarget: async () => memory,
      onVerified: async () => void files.set('/got.bin', { bytes: Buffer.alloc(0), modifiedAt: new Date() }),
    });
    const error = await assertFails(moveFile(request), 'target_exists');
    expect(error.move).toMatchObject({ temporaryLeft: true, sha256: sha256Of('the only copy') });
    expect(files.get(request.temporaryPath)?.bytes.toString()).toBe('the only copy');
  });

  test.each([
    ['verified', { stat: async () => Promise.reject(lost('verify')) }],
    ['confirmed', {}],
  ] as const)('leaves the only copy with us: it stays where it could not be %s', async (what, broken) => {
    const source = await open(await givingOnce());
    const { memory, files } = memoryWith(Buffer.alloc(0));
    const target: Transport = {
      ...memory,
      usable: true,
      ...broken,
      write: async (...written) => {
        const result = await memory.write(...written);
        if (what === 'confirmed') throw lost('confirm');
        return result;
      },
    };
    const request = moveRequest({
      source,
      sourcePath: '/a.bin',
      target,
      targetPath: '/got.bin',
      ifExists: 'replace',
      reopenTarget: async () => memory,
    });
    const error = await assertFails(moveFile(request), 'connection_lost');
    expect(error.move).toMatchObject({ temporaryLeft: true, sha256: sha256Of('the only copy') });
    expect(files.get(request.temporaryPath)?.bytes.toString()).toBe('the only copy');
  });
});
