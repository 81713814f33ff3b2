/** What goes wrong in daily work, and what once went wrong in other clients. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { Secret } from '@waybill/vault/secret.js';
import type { HostileCase } from './hostile-case.js';

export const operationCases: HostileCase[] = [
  {
    id: 'OPS-01',
    title: 'The server has as many sessions as it takes: 421 in place of a greeting.',
    source: 'RFC 959 section 5.4; vsftpd max_clients',
    outcome: 'server_busy',
    holds: 'It is tried again later.',
    defences: ['busy is no wrong password'],
    run: async (scene) => {
      const server = await scene.serve({ onCommand: answering({ CONNECT: '421 Too many users' }) }, '');
      await scene.fails(scene.open(server), 'server_busy', /Too many users/);
    },
  },
  {
    id: 'OPS-02',
    title: 'The account has as many sessions as it may: 530 at the login.',
    source: 'ProFTPD MaxClientsPerUser: the code is that of a wrong password',
    outcome: 'server_busy',
    holds: 'It is not taken for a wrong password, and tried again later.',
    defences: ['530 read'],
    run: async (scene) => {
      const PASS = '530 Sorry, the maximum number of clients (2) for this user already connected.';
      await scene.fails(scene.open(await scene.serve({ onCommand: answering({ PASS }) }, '')), 'server_busy');
    },
  },
  {
    id: 'OPS-03',
    title: 'The server speaks of too many wrong passwords.',
    source: 'ProFTPD MaxLoginAttempts, fail2ban: each further try locks for longer',
    outcome: 'login_refused',
    holds: 'It is not tried again by itself.',
    defences: ['lock-out read'],
    run: async (scene) => {
      const PASS = '530 Too many failed logins from this host: maximum number of sessions';
      await scene.fails(
        scene.open(await scene.serve({ onCommand: answering({ PASS }) }, '')),
        'login_refused',
      );
    },
  },
  {
    id: 'OPS-04',
    title: 'A path with a line end in it would be a second command.',
    source: 'GHSA-chqc-8p9q-pq6q (basic-ftp); CVE-2018-1000120 (curl)',
    outcome: 'name_refused',
    holds: 'It is not sent, and neither is what stands behind the line end.',
    defences: ['line ends not sent'],
    run: async (scene) => {
      const server = await scene.serve({}, 'content');
      const transport = await scene.open(server);
      for (const path of ['/a.bin\r\nDELE a.bin', '/a\nb', '/a\0b'])
        await scene.fails(transport.remove(path), 'name_refused');
      assert.equal((await readdir(server.root)).join(), 'a.bin');
      assert.ok(!server.commands.some((command) => command.startsWith('DELE')));
    },
  },
  {
    id: 'OPS-05',
    title: 'A user name or password with a line end in it would be a second command.',
    source: 'GHSA-6v7q-wjvx-w8wg (basic-ftp)',
    outcome: 'name_refused',
    holds: 'It is not sent, and not told.',
    defences: ['line ends not sent'],
    run: async (scene) => {
      const server = await scene.serve({}, 'content');
      const username = 'partner\r\nDELE a.bin';
      await scene.fails(scene.open(server, { username }), 'name_refused');
      const password = new Secret('hidden\r\nDELE a.bin');
      const error = await scene.fails(scene.open(server, { password }), 'name_refused');
      assert.doesNotMatch(JSON.stringify(error.record), /hidden/);
      assert.ok(!server.commands.some((command) => command.startsWith('DELE')));
    },
  },
];
