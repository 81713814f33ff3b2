/** Everything that would have us talk without TLS, or with less of it than was agreed. */
import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answering, dropInstead } from '@waybill/ftps-server/behaviours.js';
import type { Answer, Script } from '@waybill/ftps-server/script.js';
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import { megabytes } from '../test-support/scene.js';
import type { HostileCase } from './hostile-case.js';
import { refusesSession } from './refuses-session.js';

/** A server whose answers keep a session from being protected. */
const answers = (
  table: Record<string, Answer>,
  expected: { kind: FailureKind; words?: RegExp },
): HostileCase['run'] => {
  return async (scene) => {
    const server = await scene.serve({ onCommand: answering(table) }, 'content');
    await scene.fails(scene.open(server), expected.kind, expected.words);
    const later = server.commands.filter((command) => /^(EPSV|PASV|RETR|STOR|MLSD)/.test(command));
    assert.deepEqual(later, [], 'a file was asked for');
  };
};

export const protectionCases: HostileCase[] = [
  {
    id: 'TLS-11',
    title: 'AUTH TLS is refused.',
    source: 'RFC 4217 section 4; CVE-2021-22946 (curl): required TLS bypassed',
    outcome: 'protection_refused',
    holds: 'Nothing but AUTH and QUIT is said in the clear.',
    defences: ['AUTH is a yes'],
    run: async (scene) => {
      const server = await scene.serve({ onCommand: answering({ AUTH: '534 Not here' }) }, '');
      await refusesSession(scene, server, { kind: 'protection_refused' });
      assert.deepEqual(server.commands, ['CONNECT', 'AUTH TLS', 'QUIT']);
    },
  },
  {
    id: 'TLS-12',
    title: 'AUTH TLS is answered as if somebody were logged in already.',
    source: 'CVE-2021-22946 (curl): a crafted but legitimate answer bypasses TLS',
    outcome: 'protection_refused',
    holds: 'Only 234 is a yes.',
    defences: ['AUTH is a yes'],
    run: async (scene) => {
      const server = await scene.serve({ onCommand: answering({ AUTH: '230 Welcome' }) }, '');
      await refusesSession(scene, server, { kind: 'protection_refused' });
    },
  },
  {
    id: 'TLS-13',
    title: 'AUTH TLS is refused for the time being.',
    source: 'RFC 4217 section 4 (431)',
    outcome: 'server_busy',
    holds: 'It is tried again later, and not without TLS.',
    defences: ['AUTH is a yes'],
    run: async (scene) => {
      const server = await scene.serve({ onCommand: answering({ AUTH: '431 Not now' }) }, '');
      await refusesSession(scene, server, { kind: 'server_busy' });
    },
  },
  {
    id: 'TLS-14',
    title: 'Text is put in behind the answer to AUTH TLS.',
    source: 'CVE-2011-0411; CVE-2021-22947 (curl): STARTTLS injection',
    outcome: 'protocol_error',
    holds: 'It is noticed, and TLS is not started.',
    defences: ['injected text refused'],
    run: async (scene) => {
      const AUTH: Answer = (turn) => turn.send('234 Go ahead\r\n230 You are logged in\r\n');
      const server = await scene.serve({ onReply: answering({ AUTH }) }, '');
      await refusesSession(scene, server, { kind: 'protocol_error', words: /You are logged in/ });
    },
  },
  {
    id: 'TLS-15',
    title: 'Half a line is put in behind the answer to AUTH TLS.',
    source: 'CVE-2021-22947 (curl): cached text is taken for an answer under TLS',
    outcome: 'works',
    holds: 'It does not become the beginning of what is said under TLS.',
    defences: ['clear text forgotten'],
    run: async (scene) => {
      const AUTH: Answer = (turn) => turn.send('234 Go ahead\r\n230 Logged in, ');
      const server = await scene.serve({ onReply: answering({ AUTH }) }, 'content');
      await scene.read(await scene.open(server));
      assert.ok(server.commands.includes('PASS'));
    },
  },
  {
    id: 'TLS-16',
    title: 'PBSZ is refused.',
    source: 'RFC 4217 section 9',
    outcome: 'protection_refused',
    holds: 'No file is asked for or sent.',
    defences: ['PROT is a yes'],
    run: answers({ PBSZ: '503 No' }, { kind: 'protection_refused' }),
  },
  {
    id: 'TLS-17',
    title: 'PROT P is refused.',
    source: 'RFC 4217 section 9 (536); basic-ftp 6.2.3 goes on',
    outcome: 'protection_refused',
    holds: 'No file is asked for or sent.',
    defences: ['PROT is a yes'],
    run: answers({ PROT: '536 Requested PROT level not supported' }, { kind: 'protection_refused' }),
  },
  {
    id: 'TLS-18',
    title: 'PROT P is refused for the time being.',
    source: 'RFC 4217 section 9',
    outcome: 'server_busy',
    holds: 'It is tried again later, and not without protection.',
    defences: ['PROT is a yes'],
    run: answers({ PROT: '450 Busy' }, { kind: 'server_busy' }),
  },
  {
    id: 'TLS-19',
    title: 'PROT P was agreed, and data connections speak in the clear.',
    source: 'RFC 4217 section 9',
    outcome: 'tls_failed',
    holds: 'Not a byte of the file is sent, and none is taken.',
    defences: ['what was agreed'],
    run: async (scene) => {
      const script: Script = { onDataOpen: () => ({ tls: 'plain' }) };
      const server = await scene.start({ script });
      // What it takes for the file is our ClientHello, to which it has no answer.
      await scene.fails(scene.upload(server, megabytes(1)), 'stalled');
      await scene.fails(scene.download(await scene.serve(script, 'content')), 'tls_failed');
      assert.equal((await readdir(server.root)).join(), '');
    },
  },
  {
    id: 'TLS-20',
    title: 'The server is one of another protocol.',
    source: 'CVE-2021-3618 (ALPACA); RFC 7301',
    outcome: 'setting_refused',
    holds: 'The connection ends before anything is said.',
    defences: ['ALPN offered'],
    isSilent: true,
    run: async (scene) => {
      const tls = { ...scene.pki.server, alpnProtocols: ['http/1.1'] };
      const server = await scene.start({ mode: 'implicit', tls });
      const changes = { settings: { sendAlpn: true } };
      await refusesSession(scene, server, { kind: 'setting_refused', changes });
    },
  },
  {
    id: 'TLS-21',
    title: 'The server speaks an older TLS than the endpoint allows.',
    source: 'RFC 8446 section 4.1.3 (downgrade)',
    outcome: 'tls_failed',
    holds: 'There is no session.',
    defences: ['TLS version kept'],
    run: async (scene) => {
      const server = await scene.start({ tls: { ...scene.pki.server, maxVersion: 'TLSv1.2' } });
      await refusesSession(scene, server, { kind: 'tls_failed', changes: { tlsMinVersion: 'TLSv1.3' } });
    },
  },
  {
    id: 'TLS-22',
    title: 'The server demands that TLS sessions are resumed, and hands out none.',
    source: 'RFC 4217 section 10.2; vsftpd require_ssl_reuse (522)',
    outcome: 'protection_refused',
    holds: 'It is told as what it is, and the final name is not touched.',
    defences: ['522 understood'],
    run: async (scene) => {
      const server = await scene.start({ tls: { ...scene.pki.server, offerResumption: false } });
      await scene.fails(scene.upload(server, megabytes(1)), 'protection_refused', /522/);
      assert.equal((await readdir(server.root)).join(), '');
    },
  },
  {
    id: 'TLS-23',
    title: 'The server demands that every data connection resumes the TLS session.',
    source: 'vsftpd require_ssl_reuse; ProFTPD without NoSessionReuseRequired; FileZilla Server',
    outcome: 'works',
    holds: 'Every one does, with the session of its own control connection.',
    defences: ['sessions resumed'],
    run: async (scene) => {
      const server = await scene.serve({}, 'content');
      const sessions = await Promise.all([scene.open(server), scene.open(server)]);
      for (let turn = 0; turn < 6; turn += 1) for (const session of sessions) await scene.read(session);
      const resumed = server
        .sessions()
        .flatMap(({ dataConnections }) => dataConnections.map((one) => one.resumed));
      assert.deepEqual(
        resumed,
        Array.from({ length: 12 }, () => true),
      );
    },
  },
  {
    id: 'TLS-24',
    title: 'The TLS session of the control connection expires before a file is sent.',
    source: 'ProFTPD issue 1931: 425, and the file of the final name is emptied',
    outcome: 'protection_refused',
    holds: 'The file that has the final name stays whole, as nothing is written under it.',
    defences: ['final name untouched'],
    run: async (scene) => {
      // The server opens the file first and asks for the session then.
      const STOR: Answer = async (turn) => {
        await writeFile(join(server.root, turn.argument), '');
        await turn.send('522 The TLS session has expired\r\n');
      };
      const server = await scene.serve({ onCommand: answering({ STOR }) }, 'the old file');
      await scene.fails(
        scene.upload(server, megabytes(1), { ifExists: 'replace' }),
        'protection_refused',
        /522/,
      );
    },
  },
  {
    id: 'TLS-25',
    title: 'The server asks for a client certificate, and there is none.',
    source: 'RFC 8446 section 4.4.2.4: under TLS 1.3 its alert comes after the handshake',
    outcome: 'client_certificate_refused',
    holds: 'It is told as what it is, not as a lost connection.',
    defences: ['alerts understood'],
    run: async (scene) => {
      const tls = { ...scene.pki.server, ca: scene.pki.ca.cert, requireClientCertificate: true };
      await refusesSession(scene, await scene.start({ tls }), {
        kind: 'client_certificate_refused',
        words: /client certificate/,
      });
    },
  },
  {
    id: 'TLS-26',
    title: 'The server ends TLS with close_notify in the middle of the dialogue.',
    source: 'RFC 8446 section 6.1',
    outcome: 'connection_lost',
    holds: 'A clean end is an end too; nobody waits for the time-out.',
    defences: ['lost connection named'],
    run: async (scene) => {
      const server = await scene.serve({ onCommand: answering({ MLST: dropInstead('clean') }) }, 'content');
      const transport = await scene.open(server, { idleTimeoutMs: 60_000 });
      await scene.fails(transport.stat('/a.bin'), 'connection_lost');
    },
  },
  ...(['TLSv1.2', 'TLSv1.3'] as const).map((only, index): HostileCase => ({
    id: `TLS-${27 + index}`,
    title: `The server speaks ${only.replace('v', ' ')} alone, and demands that TLS sessions are resumed.`,
    source: 'servers of old systems, and hardened ones; vsftpd ssl_tlsv1_2, ProFTPD TLSProtocol',
    outcome: 'works',
    holds: 'It is spoken, up and down, and every data connection resumes the session.',
    defences: ['sessions resumed'],
    run: async (scene) => {
      const server = await scene.start({
        tls: { ...scene.pki.server, minVersion: only, maxVersion: only },
      });
      await scene.upload(server, Buffer.from('content'));
      await scene.download(server);
      const connections = server.sessions().flatMap(({ dataConnections }) => dataConnections);
      assert.ok(connections.length > 1 && connections.every(({ resumed }) => resumed));
    },
  })),
];
