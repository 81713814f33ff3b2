import { describe, expect, test } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { getTestPki } from '@waybill/testing/pki.js';
import { open, start } from '../test-support/hostile-partner.js';
import { assertFails } from '../test-support/transport-suite.js';
import type { Transport } from '../transport.js';

describe('the control connection', () => {
  test('is not used again after a 530: the server has logged it out', async () => {
    const out = '530 Please login with USER and PASS.';
    const server = await start({ script: { onCommand: answering({ DELE: out, EPSV: out }) } });
    await writeFile(join(server.root, 'a.bin'), 'abc');
    const refused: ((transport: Transport) => Promise<unknown>)[] = [
      (transport) => transport.remove('/a.bin'),
      (transport) => transport.list('/'),
    ];
    for (const ask of refused) {
      const transport = await open(server);
      await assertFails(ask(transport), 'connection_lost');
      expect(transport.usable).toBe(false);
    }
  });

  test('is not used again after a 421, whatever it was the answer to', async () => {
    const away = '421 Idle for too long.';
    const server = await start({ script: { onCommand: answering({ HASH: away, MFMT: away, MLST: away }) } });
    const asked: ((transport: Transport) => Promise<unknown>)[] = [
      (transport) => transport.hashByServer('/a.bin', { algorithm: 'SHA-256' }),
      (transport) => transport.setModifiedAt('/a.bin', new Date()),
      (transport) => transport.stat('/a.bin'),
    ];
    for (const ask of asked) {
      const transport = await open(server);
      await ask(transport).catch(() => undefined);
      expect(transport.usable).toBe(false);
    }
  });

  test.each([
    ['MLST', {}],
    ['SIZE', { FEAT: '211 No features' }],
  ])('does not take a 550 to %s that denies a look for a file that is not there', async (verb, answers) => {
    const said = new Map([
      ['550 /a.bin: Permission denied', 'permission_denied'],
      ['550 Access is denied.', 'permission_denied'],
      ['550 Permission denied or no such file', null],
      ['550 Could not get file size.', null],
    ]);
    for (const [answer, kind] of said) {
      const server = await start({ script: { onCommand: answering({ ...answers, [verb]: answer }) } });
      const transport = await open(server);
      if (kind === null) expect(await transport.stat('/a.bin')).toBeNull();
      else await assertFails(transport.stat('/a.bin'), 'permission_denied');
      expect(transport.usable).toBe(true);
    }
  });
});

describe('the passive port', () => {
  test('is dialled at the peer of the control connection, whatever address PASV names', async () => {
    const onReply = (_session: unknown, verb: string, reply: { bytes: Buffer }) =>
      verb === 'PASV'
        ? Buffer.from(reply.bytes.toString().replace(/\((\d+,){4}/, '(169,254,169,254,'))
        : undefined;
    const server = await start({ script: { onReply, onCommand: answering({ EPSV: '500 Unknown' }) } });
    await writeFile(join(server.root, 'a.bin'), 'abc');
    const transport = await open(server);
    expect((await transport.list('/')).entries).toHaveLength(1);
    expect(transport.usable).toBe(true);
  });

  test('that is no port is refused', async () => {
    for (const answer of ['229 ok (|||0|)', '229 ok (|||70000|)', '229 ok', '227 ok (1,2,3,4,5,6)']) {
      const server = await start({ script: { onCommand: answering({ EPSV: answer, PASV: '500 No' }) } });
      await assertFails((await open(server)).list('/'), 'protocol_error');
    }
  });
});

describe('the data connection', () => {
  test('with another certificate is refused', async () => {
    const { keyPem, certificatePem } = await (await getTestPki()).server('good');
    const tls = { key: keyPem, cert: certificatePem };
    const server = await start({ requireSessionReuse: false, script: { onDataOpen: () => ({ tls }) } });
    const transport = await open(server);
    const error = await assertFails(transport.list('/'), 'certificate_untrusted');
    expect(error.message).toContain('data connection');
  });

  test('in the clear is refused', async () => {
    const server = await start({ script: { onDataOpen: () => ({ tls: 'plain' }) } });
    const transport = await open(server);
    await expect(transport.list('/')).rejects.toMatchObject({ name: 'TransportError' });
    expect(transport.record().connection.data).toBeNull();
  });
});
