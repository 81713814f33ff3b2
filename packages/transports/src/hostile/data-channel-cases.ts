/** Where the server wants the data connection to lead, and what waits there. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { answering } from '@waybill/ftps-server/behaviours.js';
import type { Script } from '@waybill/ftps-server/script.js';
import { findClosedPort } from '../test-support/find-closed-port.js';
import { openForTest } from '../test-support/open-for-test.js';
import type { Scene } from '../test-support/scene.js';
import type { HostileCase } from './hostile-case.js';

/** PASV with another host in its answer; the port is right. */
const namingHost = (host: string): Script => ({
  onCommand: answering({ EPSV: '500 Unknown' }),
  onReply: (_session, verb, { bytes }) =>
    verb === 'PASV'
      ? Buffer.from(bytes.toString().replace(/\((?:\d+,){4}/, `(${host.replaceAll('.', ',')},`))
      : undefined,
});

/** The listing comes although PASV names somebody else, who is not dialled. */
const elsewhere = (host: string) => async (scene: Scene) => {
  const transport = await scene.open(await scene.serve(namingHost(host), 'abc'));
  assert.equal((await transport.list('/')).entries.length, 1);
  assert.equal(transport.record().connection.dataMode, 'pasv');
};

const epsv = (port: number | string): string => `229 Entering Extended Passive Mode (|||${port}|)`;

/** No port that can be dialled is named. */
const unusable =
  (...replies: string[]) =>
  async (scene: Scene) => {
    for (const EPSV of replies) {
      const server = await scene.serve({ onCommand: answering({ EPSV, PASV: '500 No' }) }, 'abc');
      const transport = await scene.open(server, { settings: { dataMode: 'epsv' } });
      await scene.fails(transport.list('/'), 'protocol_error', /names no port/);
    }
  };

export const dataChannelCases: HostileCase[] = [
  ...(
    [
      [
        'DATA-01',
        'the metadata service of a cloud',
        '169.254.169.254',
        'CVE-2020-8284 (curl); SSRF (CWE-918)',
      ],
      [
        'DATA-02',
        'another host',
        '127.0.0.3',
        'CVE-1999-0017 (FTP bounce); CVE-2021-31810 (Ruby); CVE-2021-4189 (Python)',
      ],
      [
        'DATA-03',
        'a host of the private network',
        '10.0.0.1',
        'servers behind NAT; CVE-2021-40491 (inetutils)',
      ],
      ['DATA-04', '0.0.0.0', '0.0.0.0', 'servers that listen everywhere; basic-ftp 6.2.3 refuses'],
    ] as const
  ).map(([id, whom, host, source]): HostileCase => ({
    id,
    title: `PASV leads to ${whom}.`,
    source,
    outcome: 'works',
    holds: 'The peer of the control connection is dialled, and nobody else.',
    defences: ['own host dialled'],
    run: elsewhere(host),
  })),
  {
    id: 'DATA-05',
    title: 'EPSV names a host.',
    source: 'RFC 2428 section 3: the fields of protocol and address are empty',
    outcome: 'protocol_error',
    holds: 'It is no answer to EPSV, and nobody is dialled.',
    defences: ['ports parsed strictly'],
    run: unusable('229 ok (|1|127.0.0.3|2121|)', '229 ok (|1|169.254.169.254|80|)'),
  },
  {
    id: 'DATA-06',
    title: 'The port is 0, 70000 or none.',
    source: 'RFC 2428 section 3',
    outcome: 'protocol_error',
    holds: 'It is not dialled.',
    defences: ['ports in range'],
    run: unusable(epsv(0), epsv(70_000), epsv('x'), '229 ok'),
  },
  {
    id: 'DATA-07',
    title: 'EPSV leads to a closed port, as a firewall does not know it; PASV works.',
    source: 'firewalls that read PASV only; RFC 2428 section 4',
    outcome: 'works',
    holds: 'The other way is tried.',
    defences: ['other way tried'],
    run: async (scene) => {
      const script = { onCommand: answering({ EPSV: epsv(await findClosedPort()) }) };
      const transport = await scene.open(await scene.serve(script, 'abc'));
      assert.equal((await transport.list('/')).entries.length, 1);
    },
  },
  {
    id: 'DATA-08',
    title: 'Every passive port is closed.',
    source: 'a firewall before the passive range',
    outcome: 'connect_failed',
    holds: 'It is told as what it is, with who has to act.',
    defences: ['closed port named'],
    run: async (scene) => {
      const port = await findClosedPort();
      const PASV = `227 Entering Passive Mode (127,0,0,1,${port >> 8},${port & 255})`;
      const server = await scene.serve({ onCommand: answering({ EPSV: epsv(port), PASV }) }, 'abc');
      await scene.fails((await scene.open(server)).list('/'), 'connect_failed', /passive port range/);
    },
  },
  {
    id: 'DATA-09',
    title: 'The passive port is that of something silent.',
    source: 'a firewall that accepts and drops; CWE-400',
    outcome: 'stalled',
    holds: 'The handshake has to be done within the time-out.',
    defences: ['handshake in time'],
    run: async (scene) => {
      const silent = createServer((socket) => void socket.on('error', () => undefined)).listen(
        0,
        '127.0.0.1',
      );
      await once(silent, 'listening');
      scene.toEnd.push(async () => void silent.close());
      const { port } = silent.address() as AddressInfo;
      const server = await scene.serve(
        { onCommand: answering({ EPSV: epsv(port), MLSD: '150 Here it comes' }) },
        'abc',
      );
      await scene.fails((await scene.open(server)).list('/'), 'stalled');
    },
  },
  {
    id: 'DATA-10',
    title: 'The passive port is one of this machine that no allow-list names.',
    source: 'port scans by way of a client; CWE-918',
    outcome: 'address_refused',
    holds: 'Data connections pass the network guard too.',
    defences: ['every dial guarded'],
    run: async (scene) => {
      const server = await scene.serve({}, 'abc');
      const networkAllow = [{ cidr: '127.0.0.1/32', fromPort: server.port, toPort: server.port }];
      const transport = scene.keep(await openForTest(scene.endpoint(server), { networkAllow }));
      await scene.fails(transport.list('/'), 'address_refused');
    },
  },
  {
    id: 'DATA-11',
    title: 'The server’s name resolves to this machine.',
    source: 'DNS rebinding; CWE-918',
    outcome: 'address_refused',
    holds: 'The address that the name stands for is judged, and that one is dialled.',
    defences: ['every dial guarded'],
    isSilent: true,
    run: async (scene) => {
      const server = await scene.serve({}, 'abc');
      const opening = openForTest(scene.endpoint(server, { host: 'partner.example' }), {
        networkAllow: [],
        lookUpName: async () => [{ address: '127.0.0.1', family: 4 }],
      });
      await scene.fails(opening, 'address_refused', /partner\.example \(127\.0\.0\.1\)/);
      assert.deepEqual(server.commands, []);
    },
  },
  {
    id: 'DATA-12',
    title: 'There is no port left for a data connection.',
    source: 'RFC 959 section 5.4 (425); vsftpd with 100 passive ports in TIME_WAIT',
    outcome: 'connection_lost',
    holds: 'It may pass, so it is tried again, with a new session.',
    defences: ['425 ends the session'],
    run: async (scene) => {
      const answer = '425 EPSV: Address already in use';
      const server = await scene.serve({ onCommand: answering({ EPSV: answer, PASV: answer }) }, 'abc');
      const transport = await scene.open(server);
      await scene.fails(transport.list('/'), 'connection_lost', /425/);
      assert.equal(transport.usable, false);
    },
  },
  {
    id: 'DATA-13',
    title: 'A long answer to PASV is made to cost time.',
    source: 'basic-ftp before 6.2.2: expressions that backtrack (CWE-1333)',
    outcome: 'protocol_error',
    holds: 'It costs no more than reading it.',
    defences: ['passive answer read in one go'],
    runsAlone: true,
    run: async (scene) => {
      const PASV = `227 ${'256,'.repeat(16_000)}`;
      const server = await scene.serve({ onCommand: answering({ PASV }) }, 'abc');
      const transport = await scene.open(server, { settings: { dataMode: 'pasv' } });
      const before = process.cpuUsage();
      await scene.fails(transport.list('/'), 'protocol_error');
      const usedMs = process.cpuUsage(before).user / 1000;
      assert.ok(usedMs < 700, `${Math.round(usedMs)} ms of processor time`);
    },
  },
];
