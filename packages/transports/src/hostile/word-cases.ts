/** Replies that are whole and in order, and say something that is a trap. */
import assert from 'node:assert/strict';
import { answering, silence } from '@waybill/ftps-server/behaviours.js';
import type { Answer } from '@waybill/ftps-server/script.js';
import { PASSWORD, type Scene } from '../test-support/scene.js';
import type { Transport } from '../transport.js';
import type { HostileCase } from './hostile-case.js';

/** A server that answers these commands so. */
const saying = (scene: Scene, answers: Record<string, Answer>, content = 'abc') =>
  scene.serve({ onCommand: answering(answers) }, content);

export const wordCases: HostileCase[] = [
  {
    id: 'WORD-01',
    title: 'The server repeats the password in its replies.',
    source: 'servers that log “PASS secret” back; CWE-532',
    outcome: 'login_refused',
    holds: 'It is masked in messages, causes, greeting and dialogue.',
    defences: ['secrets masked'],
    run: async (scene) => {
      const server = await saying(scene, {
        CONNECT: `220 hello ${PASSWORD}`,
        PASS: `530 Login incorrect: "${PASSWORD}"`,
      });
      const error = await scene.fails(scene.open(server), 'login_refused', /incorrect: "\*\*\*\*"/);
      assert.match(error.record?.connection.greeting ?? '', /hello \*\*\*\*/);
    },
  },
  {
    id: 'WORD-02',
    title: 'Replies carry terminal escapes, bells and direction marks.',
    source: 'CWE-150; ANSI escapes in logs; CVE-2021-42574 for direction marks',
    outcome: 'permission_denied',
    holds: 'They are written out in messages and dialogue, and do nothing.',
    defences: ['text cleaned'],
    run: async (scene) => {
      const MLST = '550 \u001b[2J\u001b]0;owned\u0007Access is denied \u202efdp.exe';
      const transport = await scene.open(await saying(scene, { MLST }));
      await scene.fails(transport.stat('/a.bin'), 'permission_denied', /\\u\{1b\}\[2J.*\\u\{202e\}/);
    },
  },
  {
    id: 'WORD-03',
    title: 'A reply is not UTF-8.',
    source: 'RFC 2640 section 2.2; servers that speak Latin-1',
    outcome: 'permission_denied',
    holds: 'It is understood by its code, and what cannot be read is shown as such.',
    defences: ['reply understood by its code'],
    run: async (scene) => {
      const MLST = Buffer.concat([
        Buffer.from('550 Zugriff verweigert f'),
        Buffer.of(0xfc),
        Buffer.from('r Sie: denied\r\n'),
      ]);
      const transport = await scene.open(await saying(scene, { MLST }));
      await scene.fails(transport.stat('/a.bin'), 'permission_denied', /f\ufffdr Sie/);
      assert.ok(transport.usable);
    },
  },
  {
    id: 'WORD-04',
    title: 'The greeting is announced by 120.',
    source: 'RFC 959 section 5.4: 120 ready in nnn minutes, then 220; basic-ftp 6.2.3 rejects it',
    outcome: 'works',
    holds: 'What is announced is waited for.',
    defences: ['announcements passed over'],
    run: async (scene) => {
      const server = await saying(scene, { CONNECT: ['120 Ready in 1 minute', '220 Ready'] });
      await scene.download(server);
    },
  },
  {
    id: 'WORD-05',
    title: 'The greeting is announced by 120 and never comes.',
    source: 'RFC 959 section 5.4',
    outcome: 'stalled',
    holds: 'It is not waited for longer than for any greeting.',
    defences: ['answer in time'],
    run: async (scene) => {
      const CONNECT: Answer = (turn) => turn.send('120 Ready in 999 minutes\r\n');
      await scene.fails(scene.open(await saying(scene, { CONNECT })), 'stalled', /greeting/);
    },
  },
  {
    id: 'WORD-06',
    title: 'The password is answered with 332, need account.',
    source: 'RFC 959 section 5.4 (ACCT)',
    outcome: 'login_refused',
    holds: 'That is no login.',
    defences: ['login is a yes'],
    run: async (scene) => {
      const server = await saying(scene, { PASS: '332 Need account for login' });
      await scene.fails(scene.open(server), 'login_refused', /332 Need account/);
    },
  },
  {
    id: 'WORD-07',
    title: 'The user name alone is enough.',
    source: 'RFC 959 section 5.4: USER may be answered with 230',
    outcome: 'works',
    holds: 'A password that nobody asked for is not said.',
    defences: ['password on request'],
    run: async (scene) => {
      const server = await saying(scene, {
        USER: async (turn) => {
          // Logs in by itself, in the one way there is.
          Object.assign(turn.session, { loggedIn: true });
          await turn.send('230 Welcome\r\n');
        },
      });
      await scene.open(server);
      assert.ok(!server.commands.includes('PASS'));
    },
  },
  {
    id: 'WORD-08',
    title: 'Sizes lie: negative, huge, with letters, in other notations.',
    source: 'RFC 3659 section 4.1; basic-ftp 6.2.3 takes “12abc” for 12 and “-5” for -5',
    outcome: 'protocol_error',
    holds: 'A size is digits that a double can count; without one nothing is asked for.',
    defences: ['sizes are digits'],
    run: async (scene) => {
      const lies = ['213 12abc', '213 -5', '213 99999999999999999999', '213 1e3', '213 0x10', '213'];
      for (const SIZE of lies) {
        const transport = await scene.open(await saying(scene, { FEAT: '211 No features', SIZE }));
        assert.equal((await transport.stat('/a.bin'))?.sizeBytes, null, SIZE);
        await scene.fails(scene.read(transport), 'protocol_error');
      }
    },
  },
  {
    id: 'WORD-09',
    title: 'A look at a file is denied.',
    source: 'RFC 959 section 4.2.2: 550 is absence and denial; IIS “Access is denied.”',
    outcome: 'permission_denied',
    holds: 'It is not taken for a file that is not there, which a route would replace.',
    defences: ['denied is not absent'],
    run: async (scene) => {
      for (const [verb, others] of [['MLST', {}] as const, ['SIZE', { FEAT: '211 No features' }] as const]) {
        for (const denial of ['550 /a.bin: Permission denied', '550 Access is denied.']) {
          const transport = await scene.open(await saying(scene, { ...others, [verb]: denial }));
          await scene.fails(transport.stat('/a.bin'), 'permission_denied');
          assert.ok(transport.usable);
        }
        for (const absence of ['550 Permission denied or no such file', '550 Could not get file size.']) {
          const transport = await scene.open(await saying(scene, { ...others, [verb]: absence }));
          assert.equal(await transport.stat('/a.bin'), null);
        }
      }
    },
  },
  {
    id: 'WORD-10',
    title: 'A command is answered with 421, and the connection stays open.',
    source: 'RFC 959 section 5.4; basic-ftp 6.2.3 goes on',
    outcome: 'server_busy',
    holds: 'The session is not used again.',
    defences: ['421 ends the session'],
    run: async (scene) => {
      const away = '421 Idle for too long.';
      const server = await saying(scene, { DELE: away, HASH: away, MFMT: away, MLST: away });
      const asked: ((transport: Transport) => Promise<unknown>)[] = [
        (transport) => transport.hashByServer('/a.bin', { algorithm: 'SHA-256' }).catch(() => null),
        (transport) => transport.setModifiedAt('/a.bin', new Date()).catch(() => false),
        (transport) => scene.fails(transport.stat('/a.bin'), 'server_busy'),
        (transport) => scene.fails(transport.remove('/a.bin'), 'server_busy'),
      ];
      for (const ask of asked) {
        const transport = await scene.open(server);
        await ask(transport);
        assert.equal(transport.usable, false);
      }
    },
  },
  {
    id: 'WORD-11',
    title: 'In the middle of a session the server says that nobody is logged in.',
    source: 'RFC 959 section 5.4 (530); vsftpd “Please login with USER and PASS.”',
    outcome: 'connection_lost',
    holds: 'The session is not used again, and it says nothing about the file.',
    defences: ['530 ends the session'],
    run: async (scene) => {
      const transport = await scene.open(
        await saying(scene, { EPSV: '530 Please login with USER and PASS.' }),
      );
      await scene.fails(transport.list('/'), 'connection_lost');
      assert.equal(transport.usable, false);
    },
  },
  {
    id: 'WORD-12',
    title: 'A reply has a code that there is not.',
    source: 'RFC 959 section 4.2: the first digit is 1 to 5',
    outcome: 'server_error',
    holds: 'It is no yes.',
    defences: ['only 250 is a fact'],
    run: async (scene) => {
      const facts = ' type=file;size=3; /a.bin';
      const transport = await scene.open(await saying(scene, { MLST: ['777-Facts', facts, '777 End'] }));
      await scene.fails(transport.stat('/a.bin'), 'server_error', /777/);
    },
  },
  {
    id: 'WORD-13',
    title: 'The wait for an answer is cancelled.',
    source: 'a server that hangs, and a person who presses cancel',
    outcome: 'cancelled',
    holds: 'It ends at once, however long the time-outs are.',
    defences: ['cancel ends the session'],
    run: async (scene) => {
      const server = await saying(scene, { MLST: silence });
      const cancel = new AbortController();
      const transport = await scene.open(server, { idleTimeoutMs: 60_000 }, cancel.signal);
      setTimeout(() => cancel.abort(), 100);
      await scene.fails(transport.stat('/a.bin'), 'cancelled');
    },
  },
  {
    id: 'WORD-14',
    title: 'All of a file came, and the server ends it with 421.',
    source: 'RFC 959 section 5.4: 421 may be a reply to any command; a server that is shut down',
    outcome: 'server_busy',
    holds: 'It is not taken for the end of the transfer, and the session is not used again.',
    defences: ['both channels agree'],
    run: async (scene) => {
      const server = await scene.serve({ onReply: answering({ 'RETR 226': '421 Shutting down.' }) }, 'abc');
      const transport = await scene.open(server);
      await scene.fails(scene.read(transport), 'server_busy', /421 Shutting down/);
      assert.ok(!transport.usable);
    },
  },
  {
    id: 'WORD-15',
    title: 'A reply has a code below 100.',
    source: 'RFC 959 section 4.2: the first digit is 1 to 5',
    outcome: 'protocol_error',
    holds: 'It does not say that an answer is still to come: the connection is closed.',
    defences: ['codes from 100 on'],
    run: async (scene) => {
      const MLST = ['050 Wait', '250-Facts', ' type=file;size=3; /a.bin', '250 End'];
      const transport = await scene.open(await saying(scene, { MLST }));
      await scene.fails(transport.stat('/a.bin'), 'protocol_error', /050 Wait/);
      assert.equal(transport.usable, false);
    },
  },
  {
    id: 'WORD-16',
    title: 'An upload is ended a second time when the time of the file is to be set.',
    source: 'pyftpdlib 1.5: 226 once more; RFC 959 section 5.4',
    outcome: 'connection_lost',
    holds: 'It is no yes, and the session is not used again.',
    defences: ['time set by a yes'],
    run: async (scene) => {
      const MFMT = ['226 Transfer complete.', '550 Not yours.'];
      const transport = await scene.open(await saying(scene, { MFMT }));
      assert.equal(await transport.setModifiedAt('/a.bin', new Date()), false);
      await scene.fails(transport.stat('/a.bin'), 'connection_lost', /226 to MFMT/);
    },
  },
];
