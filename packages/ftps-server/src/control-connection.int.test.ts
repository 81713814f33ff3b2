/** What is said on the control connection, to honest clients and to others. */
import { once } from 'node:events';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { prepareGround, type Ground } from './test-support/practice-ground.js';
import { startFtpsServer } from './start-ftps-server.js';

let ground: Ground;

beforeAll(async () => {
  ground = await prepareGround();
  await mkdir(join(ground.root, 'sub'), { recursive: true });
  await writeFile(join(ground.root, 'abc.txt'), 'abc');
  await writeFile(join(ground.folder, 'secret.txt'), 'outside');
  await symlink(join(ground.folder, 'secret.txt'), join(ground.root, 'link.txt'));
  await symlink(ground.folder, join(ground.root, 'link-folder'));
});
afterEach(() => ground.clear());
afterAll(() => ground.remove());

describe('before TLS', () => {
  test('nothing but the way to TLS is open', async () => {
    const client = await ground.connect(await ground.start());
    expect(client.greeting).toMatch(/^220 /);
    for (const line of ['USER u', 'PASS p', 'PWD', 'LIST', 'EPSV', 'STAT', 'TYPE I', 'RETR abc.txt']) {
      expect(await client.command(line)).toMatch(/^530 Use AUTH TLS first/);
    }
    expect(await client.command('PBSZ 0')).toMatch(/^503/);
    expect(await client.command('PROT P')).toMatch(/^503/);
    expect(await client.command('AUTH GSSAPI')).toMatch(/^504/);
    expect(await client.command('FEAT')).toMatch(/^211-[\s\S]*AUTH TLS[\s\S]*MLST[\s\S]*211 End$/);
    expect(await client.command('__proto__')).toMatch(/^502/);
    expect(await client.command('QUIT')).toMatch(/^221/);
    expect(await client.nextReply()).toBe('');
  });

  test('commands that were smuggled in behind AUTH are thrown away', async () => {
    const client = await ground.connect(await ground.start());
    client.send('AUTH TLS\r\nUSER u\r\nPASS p\r\nDELE abc.txt\r\nNOO');
    expect(await client.nextReply()).toMatch(/^234/);
    await client.startTls();
    expect(await client.command('PWD')).toMatch(/^530 Log in first/);
    expect(await client.command('PASS p')).toMatch(/^503/);
    expect(ground.events.map(({ kind }) => kind)).toContain('clear_bytes_discarded');
    expect(ground.events.map(({ kind }) => kind)).not.toContain('logged_in');
  });

  test('a client that speaks on in the clear after AUTH is dropped', async () => {
    const client = await ground.connect(await ground.start());
    expect(await client.command('AUTH TLS')).toMatch(/^234/);
    client.send('USER u\r\nPASS p\r\n');
    expect(await client.nextReply()).not.toMatch(/^(2|3)/);
    expect(client.closed).toBe(true);
  });
});

describe('protection', () => {
  test('PROT P only, after PBSZ, and no data connection without it', async () => {
    const client = await ground.connect(await ground.start());
    await client.secure();
    expect(await client.command('AUTH TLS')).toMatch(/^534/);
    expect(await client.command('PROT P')).toMatch(/^503/);
    expect(await client.command('PBSZ 0')).toMatch(/^200 PBSZ=0/);
    expect(await client.command('PROT C')).toMatch(/^534/);
    expect(await client.command('PROT S')).toMatch(/^536/);
    expect(await client.command('PROT E')).toMatch(/^536/);
    expect(await client.command('PROT X')).toMatch(/^504/);
    await client.command('USER u');
    expect(await client.command('PASS p')).toMatch(/^230/);
    await client.command('EPSV');
    expect(await client.command('MLSD')).toMatch(/^521/);
    expect(await client.command('CCC')).toMatch(/^534/);
    expect(await client.command('PROT P')).toMatch(/^200/);
  });

  test('TLS 1.1 is not spoken', async () => {
    const server = await ground.start({ mode: 'implicit' });
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    await expect(ground.connect(server, old)).rejects.toThrow(/alert|version|protocol/i);
  });

  test('ALPN: ftp is answered, a client that wants to speak something else is sent away', async () => {
    const server = await ground.start({ mode: 'implicit' });
    const client = await ground.connect(server, { ALPNProtocols: ['ftp'] });
    expect('alpnProtocol' in client.stream && client.stream.alpnProtocol).toBe('ftp');
    await expect(ground.connect(server, { ALPNProtocols: ['http/1.1'] })).rejects.toThrow(
      /no application protocol/i,
    );
  });
});

describe('login', () => {
  test('three wrong passwords end the connection, and none says which part was wrong', async () => {
    const client = await ground.connect(await ground.start());
    await client.secure();
    const answers: string[] = [];
    for (const [name, password] of [
      ['u', 'wrong'],
      ['nobody', 'p'],
      ['u', ''],
    ]) {
      await client.command(`USER ${name}`);
      answers.push(await client.command(`PASS ${password}`));
    }
    expect(answers[0]).toMatch(/^530/);
    expect(answers[1]).toBe(answers[0]);
    expect(answers[2]).toMatch(/^421/);
    expect(await client.nextReply()).toBe('');
  });

  test('a password is never remembered or reported', async () => {
    const server = await ground.start({
      users: [
        { name: 'u', password: 'p' },
        { name: 'v', password: 'hush-7' },
      ],
    });
    const client = await ground.logIn(server);
    await client.command('USER v');
    expect(await client.command('PASS hush-7')).toMatch(/^230/);
    expect(await client.command('pass hush-7')).toMatch(/^503/);
    const [session] = server.sessions();
    expect(session?.received).toContain('PASS ***');
    expect(JSON.stringify([session?.received, ground.events])).not.toContain('hush');
  });
});

describe('paths', () => {
  test('`..` ends at the root', async () => {
    const client = await ground.logIn(await ground.start());
    expect(await client.command('CWD ../../../../sub/..')).toMatch(/^250/);
    expect(await client.command('PWD')).toBe('257 "/" is where you are');
    expect(await client.command('CDUP')).toMatch(/^250/);
    expect(await client.command(`SIZE ../secret.txt`)).toMatch(/^550/);
    expect(await client.command(`SIZE ../../..${ground.folder}/secret.txt`)).toMatch(/^550/);
    expect(await client.command('MLST /sub/../../abc.txt')).toContain(' /abc.txt');
  });

  test('links are not followed, not listed, not removed', async () => {
    const client = await ground.logIn(await ground.start());
    for (const line of ['SIZE link.txt', 'DELE link.txt', 'CWD link-folder', 'SIZE link-folder/secret.txt']) {
      expect(await client.command(line)).toMatch(/^550 Links are not followed/);
    }
    for (const line of [
      'RNFR link.txt',
      'MFMT 20260101000000 link.txt',
      'MKD link-folder/new',
      'HASH link.txt',
    ]) {
      expect(await client.command(line)).toMatch(/^550 Links are not followed/);
    }
    await client.command('RNFR abc.txt');
    expect(await client.command('RNTO link-folder/stolen')).toMatch(/^550/);
    expect(await client.upload('STOR link.txt', Buffer.from('x'))).toMatch(/^550/);
    expect(await client.upload('STOR link-folder/new.txt', Buffer.from('x'))).toMatch(/^550/);
    const { bytes } = await client.download('MLSD');
    expect(bytes.toString()).not.toContain('link');
    expect(await readFile(join(ground.folder, 'secret.txt'), 'utf8')).toBe('outside');
    expect(await readdir(ground.folder)).not.toContain('new.txt');
  });

  test('NUL and control characters are refused, the root stays', async () => {
    const client = await ground.logIn(await ground.start());
    expect(await client.command('SIZE a\0b')).toMatch(/^501/);
    expect(await client.command('MKD a\tb')).toMatch(/^553/);
    expect(await client.command(`MKD ${'d/'.repeat(1500)}`)).toMatch(/^553 Path too long/);
    expect(await client.command('RMD /')).toMatch(/^550/);
    expect(await client.command('RNFR /')).toMatch(/^550/);
    expect(await client.command('DELE sub')).toMatch(/^550/);
    expect(await client.command('MKD')).toMatch(/^501/);
    client.send(Buffer.from([0x4d, 0x4b, 0x44, 0x20, 0xff, 0xfe, 0x0d, 0x0a]));
    expect(await client.nextReply()).toMatch(/^501/);
  });
});

describe('facts and parameters', () => {
  test('SIZE, MDTM, MFMT, MLST, HASH and XSHA256 agree', async () => {
    const client = await ground.logIn(await ground.start());
    const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await client.command('SIZE abc.txt')).toBe('213 3');
    expect(await client.command('MFMT 20260131235958 abc.txt')).toBe('213 Modify=20260131235958; /abc.txt');
    expect(await client.command('MDTM abc.txt')).toBe('213 20260131235958');
    expect(await client.command('MLST abc.txt')).toContain('type=file;size=3;modify=20260131235958;');
    expect(await client.command('HASH abc.txt')).toBe(`213 SHA-256 0-3 ${hash} /abc.txt`);
    expect(await client.command('XSHA256 "abc.txt"')).toBe(`250 ${hash.toUpperCase()}`);
    const ab = 'FB8E20FC2E4C3F248C60C39BD652F3C1347298BB977B8B4D5903B85055620603';
    expect(await client.command('XSHA256 "abc.txt" 0 2')).toBe(`250 ${ab}`);
    expect(await client.command('TYPE A')).toMatch(/^200/);
    expect(await client.command('SIZE abc.txt')).toMatch(/^550/);
  });

  test('what is not offered is refused in a word', async () => {
    const client = await ground.logIn(await ground.start());
    expect(await client.command('PORT 127,0,0,1,4,1')).toMatch(/^502 Active mode/);
    expect(await client.command('EPRT |1|127.0.0.1|1025|')).toMatch(/^502 Active mode/);
    expect(await client.command('MODE Z')).toMatch(/^504/);
    expect(await client.command('STRU R')).toMatch(/^504/);
    expect(await client.command('TYPE E')).toMatch(/^504/);
    expect(await client.command('SITE EXEC id')).toMatch(/^502/);
    expect(await client.command('RNTO x')).toMatch(/^503/);
    expect(await client.command('REST -5')).toMatch(/^501/);
    expect(await client.command('EPSV 2')).toMatch(/^522/);
    expect(await client.command('OPTS UTF8 ON')).toMatch(/^200/);
    expect(await client.command('OPTS HASH SHA-256')).toMatch(/^200/);
    expect(await client.command('OPTS HASH MD5')).toMatch(/^501/);
    expect(await client.command('ABOR')).toMatch(/^226/);
    expect(await client.command('EPSV ALL')).toMatch(/^200/);
    expect(await client.command('PASV')).toMatch(/^503/);
    expect(await client.command('RETR abc.txt')).toMatch(/^425/);
  });

  test('many commands in one packet are answered one after the other', async () => {
    const client = await ground.logIn(await ground.start());
    client.send(`${'PWD\r\nSIZE abc.txt\r\n'.repeat(200)}NOOP\r\n`);
    for (let n = 0; n < 200; n += 1) {
      expect(await client.nextReply()).toMatch(/^257/);
      expect(await client.nextReply()).toBe('213 3');
    }
    expect(await client.nextReply()).toMatch(/^200/);
  });
});

describe('limits', () => {
  test('a line without end ends the connection', async () => {
    const server = await ground.start();
    const raw = connectTcp(server.port, '127.0.0.1');
    let said = '';
    raw.on('data', (chunk) => (said += chunk.toString()));
    raw.write(Buffer.alloc(100_000, 65));
    await once(raw, 'close');
    expect(said).toMatch(/500 Command line too long/);
  });

  test('an idle client hears 421 and is gone, a busy one stays', async () => {
    const server = await ground.start({ limits: { idleTimeoutMs: 3000 } });
    const client = await ground.logIn(server);
    for (let n = 0; n < 5; n += 1) {
      await wait(700);
      expect(await client.command('NOOP')).toMatch(/^200/);
    }
    expect(await client.nextReply()).toMatch(/^421 Idle/);
    expect(await client.nextReply()).toBe('');
  });

  test('one connection too many is refused and the others go on', async () => {
    const server = await ground.start({ limits: { maxConnections: 2 } });
    const first = await ground.logIn(server);
    await ground.connect(server);
    const third = await ground.connect(server);
    expect(third.greeting).toMatch(/^421 Too many/);
    expect(await first.command('NOOP')).toMatch(/^200/);
    expect(server.sessions()).toHaveLength(2);
  });

  test('a client that never finishes its handshake is dropped', async () => {
    const server = await ground.start({ mode: 'implicit', limits: { handshakeTimeoutMs: 200 } });
    const raw = connectTcp(server.port, '127.0.0.1');
    raw.on('error', () => {}).resume();
    await once(raw, 'close');
    await wait(20);
    expect(server.sessions()).toHaveLength(0);
  });

  test('a taken port is said plainly, and closing ends open sessions', async () => {
    const server = await ground.start();
    const client = await ground.logIn(server);
    const again = startFtpsServer({
      mode: 'explicit',
      port: server.port,
      root: ground.root,
      users: [{ name: 'u', password: 'p' }],
      tls: ground.pki.server,
    });
    await expect(again).rejects.toThrow(`Port ${server.port} on 127.0.0.1 is taken`);
    await server.close();
    await server.close();
    expect(await client.nextReply()).toBe('');
  });
});
