/** Where passive data connections lead to, and how long they may take to open. */
import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { answering } from '@waybill/ftps-server/behaviours.js';
import type { Behaviour } from '@waybill/ftps-server/script.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { assertFails } from '../test-support/assert-fails.js';
import { endpoint, open, start, toEnd } from '../test-support/hostile-partner.js';
import { LOOPBACK, openForTest, quiet } from '../test-support/open-for-test.js';
import { openOn, roundTrip, running, sourceOf } from '../test-support/real-session.js';
import { said } from '../test-support/said.js';

/** The answer to PASV with another host in it. */
const pasvNaming =
  (host: string): Behaviour =>
  async (turn) => {
    const numbers = /\((?:\d+,){4}(\d+,\d+)\)/.exec(turn.reply?.bytes.toString() ?? '')?.[1];
    await turn.send(`227 Entering Passive Mode (${host.replaceAll('.', ',')},${numbers})\r\n`);
  };

/** Takes connections on another address of this machine and passes them on to the server's, as a second host would. */
async function secondHost(
  address: string,
): Promise<{ listen(port: number): Promise<void>; count(): number }> {
  let count = 0;
  return {
    async listen(port) {
      const server = createServer((client) => {
        count += 1;
        const onward = connect({ host: '127.0.0.1', port });
        client.pipe(onward).pipe(client);
        client.on('error', () => onward.destroy());
        onward.on('error', () => client.destroy());
      }).listen(port, address);
      await once(server, 'listening');
      toEnd.push(async () => void server.close());
    },
    count: () => count,
  };
}

describe('the data mode', () => {
  test.each([
    ['epsv', /EPSV/, 'epsv'],
    ['pasv', /PASV/, 'pasv'],
    ['auto', /EPSV/, 'epsv'],
  ] as const)('%s is what the server is asked for', async (dataMode, asked, shown) => {
    const transport = await openOn(await running(startVsftpd()), { settings: { dataMode } });
    await roundTrip(transport);
    expect(
      said(transport)
        .filter((line) => /^(EPSV|PASV)$/.test(line))
        .join(),
    ).toMatch(asked);
    expect(
      said(transport)
        .filter((line) => /^(EPSV|PASV)$/.test(line))
        .every((line) => asked.test(line)),
    ).toBe(true);
    expect(transport.record().connection.dataMode).toBe(shown);
  });

  test('epsv alone does not fall back, auto does and stays with what worked', async () => {
    const server = await start({ script: { onCommand: answering({ EPSV: '500 Not known' }) } });
    const strict = await open(server, { settings: { dataMode: 'epsv' } });
    await assertFails(strict.list('/'), 'protocol_error');
    expect(said(strict)).not.toContain('PASV');
    const transport = await open(server);
    await roundTrip(transport);
    expect(said(transport).filter((line) => line === 'EPSV')).toHaveLength(1);
  });
});

describe('the address in the answer to PASV', () => {
  test.each(['10.0.0.1', '169.254.169.254', '0.0.0.0', '127.0.0.3'])(
    '%s is not dialled where the endpoint does not list it',
    async (host) => {
      const server = await start({ script: { onReply: answering({ PASV: pasvNaming(host) }) } });
      const transport = await open(server, { settings: { dataMode: 'pasv', passiveHosts: ['127.0.0.2'] } });
      await roundTrip(transport);
    },
  );

  test('is dialled where the endpoint lists it', async () => {
    const host = await secondHost('127.0.0.2');
    const script = {
      onReply: answering({
        PASV: async (turn) => {
          const [, high, low] = /,(\d+),(\d+)\)/.exec(turn.reply?.bytes.toString() ?? '') ?? [];
          await host.listen(Number(high) * 256 + Number(low));
          await pasvNaming('127.0.0.2')(turn);
        },
      }),
    };
    const server = await start({ script });
    const transport = await open(server, { settings: { passiveHosts: ['127.0.0.2'] } });
    await roundTrip(transport);
    // Auto asks with PASV then, as EPSV names no host.
    expect(said(transport)).not.toContain('EPSV');
    expect(host.count()).toBe(5);
  });

  test('is refused by the network guard although the endpoint lists it', async () => {
    const server = await start({ script: { onReply: answering({ PASV: pasvNaming('10.9.8.7') }) } });
    const settings = { dataMode: 'pasv' as const, passiveHosts: ['10.9.8.7'] };
    const transport = await open(server, { settings });
    const error = await assertFails(transport.list('/'), 'address_refused');
    expect(error.message).toMatch(/10\.9\.8\.7.*Allow the whole passive port range/);
    expect(transport.usable).toBe(true);
  });
});

describe('time-outs of data connections', () => {
  test('a server that accepts and never shakes hands is given up on after the data time-out', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    toEnd.push(async () => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const agreed = answering({ EPSV: `229 Fine (|||${port}|)`, MLSD: '150 Coming' });
    const server = await start({ script: { onCommand: agreed } });
    const times = { connectTimeoutMs: 60_000, idleTimeoutMs: 60_000 };
    const transport = await open(server, {
      ...times,
      settings: { dataTimeoutMs: 1000, stallTimeoutMs: 60_000 },
    });
    const startedAt = performance.now();
    const error = await assertFails(transport.list('/'), 'stalled');
    expect(error.message).toContain('TLS handshake of the data connection within 1 s');
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

test('a session that answers another command than the one for a data connection is not used any more', async () => {
  let isLate = false;
  const server = await start({
    script: {
      onCommand: (_session, verb) => (verb === 'EPSV' && isLate ? '226 Transfer complete.' : undefined),
    },
  });
  const transport = await open(server);
  await transport.list('/');
  isLate = true;
  await assertFails(transport.list('/'), 'protocol_error');
  expect(transport.usable).toBe(false);
});

describe('a data connection that is not there when the command is answered', () => {
  /** The second one: before it the server is honest, so that the command does not wait for the connection. */
  const failing = (stor: string) => {
    let asked = 0;
    return start({
      script: {
        onCommand: (_session, verb) => {
          if (verb === 'EPSV' && ++asked > 1) return '229 Fine (|||1|)';
          if (verb !== 'STOR') return undefined;
          return async (turn) => {
            await turn.wait(200);
            await turn.send(`${stor}\r\n`);
          };
        },
      },
    });
  };
  const storeOn = async (stor: string) => {
    const transport = await open(await failing(stor), { settings: { dataMode: 'epsv' } });
    await transport.list('/');
    return { transport, storing: transport.write('/a', sourceOf(Buffer.alloc(9)), { signal: quiet }) };
  };

  test('is told with the words of the server, where it refuses the command', async () => {
    const { transport, storing } = await storeOn('550 No such file or directory');
    const error = await assertFails(storing, 'not_found');
    expect(error.message).toContain('No such file or directory');
    // A plain no, of which the session knows how it stands.
    expect(transport.usable).toBe(true);
  });

  test('is told as a port that cannot be reached, where that is all that the server says', async () => {
    const { storing } = await storeOn('425 Cannot open data connection');
    const error = await assertFails(storing, 'connect_failed');
    expect(error.message).toMatch(/refused the connection to port \d+\. .*firewall.*passive port range/);
    expect(error.message).not.toContain('the server is not running');
  });
});

test('the network guard stands before data connections of every mode', async () => {
  for (const dataMode of ['epsv', 'pasv'] as const) {
    const server = await start();
    const networkAllow = [{ ...LOOPBACK[0]!, fromPort: server.port, toPort: server.port }];
    const transport = await openForTest(endpoint(server, { settings: { dataMode } }), { networkAllow });
    toEnd.push(() => transport.close());
    await assertFails(transport.list('/'), 'address_refused');
  }
});
