import { expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { assertFails } from '../test-support/assert-fails.js';
import { open, ownTls, start } from '../test-support/hostile-partner.js';
import { memoryWith } from '../test-support/memory-with.js';
import { moveRequest } from '../test-support/move-request.js';
import { moveFile } from '../move-file.js';
import type { Transport } from '../transport.js';

/** Short, beside the server's own: a session that is older is not resumed any more. A busy machine needs some of it. */
const SESSION_LIFETIME_S = 4;
const LONGER_MS = 5500;

test('what took longer to write than TLS sessions last is read back through another session', async () => {
  const tls = { ...ownTls(), sessionLifetimeS: SESSION_LIFETIME_S };
  // A server that computes hashes would not have to be read from.
  const server = await start({ tls, script: { onCommand: answering({ FEAT: '211 No features' }) } });
  const { memory } = memoryWith(Buffer.alloc(200_000, 'r'));
  const slow: Transport = {
    ...memory,
    async read(path, sink, options) {
      const read = await memory.read(path, sink, options);
      await sleep(LONGER_MS);
      return read;
    },
  };
  const send = async (maxSessionAgeSeconds: number) => {
    const settings = { verification: 'read_back', maxSessionAgeSeconds, stallTimeoutMs: 15_000 } as const;
    const reopened: Transport[] = [];
    const moving = moveFile(
      moveRequest({
        source: slow,
        sourcePath: '/a.bin',
        target: await open(server, { settings, idleTimeoutMs: 15_000 }),
        targetPath: `/${maxSessionAgeSeconds}.bin`,
        temporaryPath: `/.waybill-${maxSessionAgeSeconds}.part`,
        reopenTarget: async () => {
          const transport = await open(server, { settings });
          reopened.push(transport);
          return transport;
        },
      }),
    );
    return { moving, reopened };
  };
  const old = await send(3600);
  const error = await assertFails(old.moving, 'protection_refused');
  expect(error.message).toContain('refused to read /.waybill-3600.part');
  const renewed = await send(1);
  expect(await renewed.moving).toMatchObject({ verification: 'read_back', bytes: 200_000 });
  expect(renewed.reopened.map(({ usable }) => usable)).toEqual([false]);
}, 60_000);
