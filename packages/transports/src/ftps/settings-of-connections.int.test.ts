/** Protocols, protection and active mode against real servers; against the practice partner where none of them can. */
import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { findFreePorts } from '@waybill/testing/servers/find-free-ports.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { startPyftpdlib } from '@waybill/testing/servers/pyftpdlib.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { assertFails } from '../test-support/assert-fails.js';
import { open, start, toEnd } from '../test-support/hostile-partner.js';
import type { EndpointChanges } from '../test-support/open-for-test.js';
import { openOn, roundTrip, running } from '../test-support/real-session.js';
import { said } from '../test-support/said.js';
import type { Transport } from '../transport.js';

describe('the protocol', () => {
  test('implicit as on z/OS greets in the clear and starts TLS at once, without AUTH', async () => {
    const server = await start({ mode: 'implicit_zos' });
    const transport = await open(server);
    await roundTrip(transport);
    expect(said(transport).slice(0, 2)).toEqual(['USER partner', 'PASS ****']);
    expect(transport.record().connection).toMatchObject({
      greeting: expect.stringMatching(/^220/),
      control: { protocol: 'TLSv1.3' },
      data: { resumed: true },
    });
  });

  test('text that comes in the clear after the greeting of z/OS is not taken for an answer under TLS', async () => {
    const script = { onCommand: answering({ CONNECT: Buffer.from('220 Hello\r\n230 You are in\r\n') }) };
    await assertFails(open(await start({ mode: 'implicit_zos', script })), 'protocol_error');
  });

  test('AUTH SSL is said only where the endpoint states it', async () => {
    const server = await running(startProftpd());
    const transport = await openOn(server, { settings: { authCommand: 'SSL' } });
    await roundTrip(transport);
    expect(said(transport)[0]).toBe('AUTH SSL');
  });

  test('plain FTP needs an exception, and then shows that nothing is encrypted', async () => {
    const server = await running(startVsftpd({ extraConfig: ['ssl_enable=NO'] }));
    const error = await assertFails(openOn(server, { protocol: 'ftp' }), 'exception_needed');
    expect(error.record?.dialogue).toEqual([]);
    const transport = await openOn(server, { protocol: 'ftp', permitted: ['plain_ftp'] });
    await roundTrip(transport);
    expect(transport.record().connection).toMatchObject({
      control: null,
      data: null,
      dataProtection: 'none',
      serverName: null,
    });
    expect(said(transport).join()).not.toMatch(/AUTH|PROT|PBSZ/);
  });

  test('a server that wants encryption is not taken for one that refuses the password', async () => {
    for (const starting of [startVsftpd(), startProftpd(), startPyftpdlib()]) {
      const plain = openOn(await running(starting), { protocol: 'ftp', permitted: ['plain_ftp'] });
      const error = await assertFails(plain, 'setting_refused');
      expect(error.message).toMatch(/without encryption: “.*”\.? Set the endpoint to FTPS explicit\.$/);
    }
  });

  test('a server that wants files encrypted says no at once, and the endpoint is told which setting it is', async () => {
    const transport = await openOn(await running(startVsftpd()), {
      settings: { dataProtection: 'clear', stallTimeoutMs: 60_000 },
      permitted: ['clear_data'],
    });
    const startedAt = performance.now();
    const error = await assertFails(transport.list('/'), 'setting_refused');
    expect(error.message).toMatch(/“522 .*set its protection of files to encrypted \(PROT P\)\.$/);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  test('an exception for one deviation is none for another', async () => {
    const server = await start();
    const clear: EndpointChanges = {
      settings: { dataProtection: 'clear' },
      permitted: ['plain_ftp', 'no_verification'],
    };
    await assertFails(open(server, clear), 'exception_needed');
    const unverified = { settings: { verification: 'none' } } as const;
    await assertFails(open(server, unverified), 'exception_needed');
  });
});

describe('data connections in the clear (PROT C)', () => {
  test.each([
    ['vsftpd', () => startVsftpd({ extraConfig: ['force_anon_data_ssl=NO'] })],
    ['pyftpdlib', () => startPyftpdlib({ extraConfig: ['Handler.tls_data_required = False'] })],
  ])('work under an exception on %s', async (_name, how) => {
    const server = await running(how());
    const transport = await openOn(server, {
      settings: { dataProtection: 'clear' },
      permitted: ['clear_data'],
    });
    await roundTrip(transport);
    expect(said(transport)).toContain('PROT C');
    expect(transport.record().connection).toMatchObject({
      control: { protocol: 'TLSv1.3' },
      data: null,
      dataProtection: 'clear',
    });
  });

  test.each([
    ['a listing', (transport: Transport) => transport.list('/')],
    ['a file', roundTrip],
  ])('are not told of where the server agreed, and then refused %s before a byte', async (_name, move) => {
    // vsftpd says 200 to PROT C and 522 to each transfer.
    const transport = await openOn(await running(startVsftpd()), {
      settings: { dataProtection: 'clear' },
      permitted: ['clear_data'],
    });
    expect(said(transport)).toContain('PROT C');
    await assertFails(move(transport), 'setting_refused');
    expect(transport.record().connection).toMatchObject({ data: null, dataProtection: null });
  });

  test('are not fallen back to where the server refuses them', async () => {
    const server = await start();
    const changes: EndpointChanges = { settings: { dataProtection: 'clear' }, permitted: ['clear_data'] };
    const error = await assertFails(open(server, changes), 'protection_refused');
    expect(error.message).toContain('PROT C');
  });
});

describe('active mode', () => {
  test.each([
    ['vsftpd', () => startVsftpd()],
    ['ProFTPD', () => startProftpd()],
    ['pyftpdlib', () => startPyftpdlib()],
  ])('%s connects to us, and TLS is as on passive connections', async (_name, how) => {
    const server = await running(how());
    const transport = await openOn(server, { settings: { dataMode: 'active' } });
    await roundTrip(transport);
    expect(said(transport).join()).not.toMatch(/EPSV|PASV/);
    expect(transport.record().connection).toMatchObject({
      dataMode: 'active',
      data: { protocol: 'TLSv1.3', resumed: true },
    });
  });

  test('stays within the ports of the endpoint, announces its address, and falls back to PORT', async () => {
    const server = await start({
      script: { onCommand: answering({ EPRT: '502 Not known', PORT: '425 No' }) },
    });
    const ports = await findFreePorts(3);
    const transport = await open(server, {
      settings: {
        dataMode: 'active',
        activeAddress: '9.9.9.9',
        activePortFrom: ports.first,
        activePortTo: ports.last,
      },
    });
    await assertFails(transport.list('/'), 'connection_lost');
    const [eprt = '', port = ''] = said(transport).slice(-2);
    const announced = Number(/^EPRT \|1\|9\.9\.9\.9\|(\d+)\|$/.exec(eprt)?.[1]);
    expect(announced).toBeGreaterThanOrEqual(ports.first);
    expect(announced).toBeLessThanOrEqual(ports.last);
    expect(port).toMatch(/^PORT 9,9,9,9,\d+,\d+$/);
  });

  test.each([
    ['169.254.169.254', 'address_refused', 'may not be dialled'],
    ['10.0.0.7', 'address_refused', 'may not be dialled'],
    ['2001:db8::9', 'setting_refused', 'an IPv6 address, over a control connection by IPv4'],
  ] as const)('announces no address to which nobody may be sent: %s', async (activeAddress, kind, words) => {
    const transport = await open(await start(), { settings: { dataMode: 'active', activeAddress } });
    const { message } = await assertFails(transport.list('/'), kind);
    expect(message).toContain(words);
    expect(said(transport).join('\n')).not.toMatch(/^(EPRT|PORT)/m);
  });

  test('is told from commands that are not known, where the server takes another address only', async () => {
    const server = await running(startPyftpdlib());
    const transport = await openOn(server, {
      settings: { dataMode: 'active', activeAddress: '9.9.9.9' },
    });
    const { message } = await assertFails(transport.list('/'), 'setting_refused');
    expect(message).toMatch(
      /“501 Rejected .*9\.9\.9\.9 is our address as the server sees it, or let .*passive mode/,
    );
  });

  test('says so where every port of the range is taken', async () => {
    const ports = await findFreePorts(2);
    const taken = await Promise.all([ports.first, ports.last].map((port) => listen(port)));
    toEnd.push(async () => void taken.map((one) => one.close()));
    const settings = { dataMode: 'active', activePortFrom: ports.first, activePortTo: ports.last } as const;
    const transport = await open(await start(), { settings });
    const error = await assertFails(transport.list('/'), 'local_io');
    expect(error.message).toContain(`none of the ports ${ports.first} to ${ports.last}`);
  });

  test('waits for the server no longer than the data time-out, and takes nobody else', async () => {
    const agreed = answering({ EPRT: '200 Fine', MLSD: '150 Connecting to you' });
    const server = await start({ script: { onCommand: agreed } });
    const settings = { dataMode: 'active', dataTimeoutMs: 4000 } as const;
    const transport = await open(server, { settings });
    const listing = transport.list('/');
    const port = await waitFor(() =>
      Number(/\|(\d+)\|$/.exec(said(transport).find((line) => line.startsWith('EPRT')) ?? '')?.[1] ?? 0),
    );
    // Another address of this machine, as a stranger would come from.
    const stranger = connect({ host: '127.0.0.1', port, localAddress: '127.0.0.9' });
    await once(stranger, 'close');
    const error = await assertFails(listing, 'connect_timeout');
    expect(error.message).toMatch(/did not connect to our port \d+ within 4 s.*our own firewall/);
    expect(transport.usable).toBe(false);
  });
});

async function waitFor(look: () => number): Promise<number> {
  for (;;) {
    const found = look();
    if (found > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
