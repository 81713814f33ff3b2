/** What a script can do to commands and replies. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import * as behaviour from './behaviours.js';
import type { Script } from './script.js';
import { prepareGround, run, type Ground } from './test-support/practice-ground.js';

let ground: Ground;
const content = Buffer.alloc(300_000, 'waybill ');

beforeAll(async () => {
  ground = await prepareGround();
  await mkdir(join(ground.root, 'in'));
  await writeFile(join(ground.root, 'file'), content);
});
afterEach(() => ground.clear());
afterAll(() => ground.remove());

async function logIn(script: Script) {
  return ground.logIn(await ground.start({ script }));
}

const { answering } = behaviour;

describe('commands', () => {
  test('an answer in words replaces the command: a lying SIZE, an ignored REST, a refused PROT', async () => {
    const client = await logIn({
      onCommand: answering({
        SIZE: '213 5',
        REST: '350 Sure',
        FEAT: ['211-Features:', ' UTF8', '211 End'],
        NOOP: [],
      }),
    });
    expect(await client.command('SIZE file')).toBe('213 5');
    expect(await client.command('REST 299999')).toBe('350 Sure');
    expect((await client.download('RETR file')).bytes.length).toBe(content.length);
    expect(await client.command('FEAT')).toBe('211-Features:\r\n UTF8\r\n211 End');
    client.send('NOOP\r\n');
    expect(await client.command('PWD')).toMatch(/^257/);
  });

  test('AUTH and PROT P can be refused', async () => {
    const server = await ground.start({
      script: { onCommand: answering({ AUTH: '534 Not today', PROT: '536 No' }) },
    });
    const client = await ground.connect(server);
    expect(await client.secure()).toBe('534 Not today');
    const refused = await run('curl', [
      '-sS',
      '--ssl-reqd',
      '--cacert',
      ground.caPath,
      `ftp://u:p@localhost:${server.port}/`,
    ]);
    expect(refused.code).toBe(64);
  });

  test('raw bytes go out as they are', async () => {
    const client = await logIn({
      onCommand: answering({ SYST: Buffer.from('215 \u0000ä\r\n215 twice\r\n') }),
    });
    expect(await client.command('SYST')).toBe('215 \u0000ä');
    expect(await client.nextReply()).toBe('215 twice');
  });

  test('the greeting is answered for too, and a hook may be asynchronous', async () => {
    const script: Script = {
      async onCommand(_session, verb) {
        await wait(5);
        return verb === 'CONNECT' ? '421 Full' : 'default';
      },
    };
    expect((await ground.connect(await ground.start({ script }))).greeting).toBe('421 Full');
  });

  test('a hook sees who asks', async () => {
    const seen: unknown[] = [];
    const client = await logIn({
      onCommand(session, verb, argument) {
        if (verb === 'MKD') seen.push([session.userName, session.secure, session.loggedIn, argument]);
        return undefined;
      },
    });
    await client.command('MKD in/made');
    expect(seen).toEqual([['u', true, true, 'in/made']]);
    await rm(join(ground.root, 'in', 'made'), { recursive: true });
  });

  test('another address and port can be given for the data connection', async () => {
    const client = await logIn({
      onCommand: answering({
        PASV: '227 Entering Passive Mode (10,9,8,7,0,21)',
        EPSV: '229 Go to (|||70000|)',
      }),
    });
    expect(await client.command('PASV')).toContain('10,9,8,7');
    expect(await client.command('EPSV')).toContain('70000');
  });

  test('the control connection can end before and after any command', async () => {
    for (const style of ['fin', 'rst', 'clean'] as const) {
      const before = await logIn({ onCommand: answering({ PWD: behaviour.dropInstead(style) }) });
      expect(await before.command('PWD')).toBe('');
      const after = await logIn({ onCommand: answering({ NOOP: behaviour.dropAfter(style) }) });
      after.send('NOOP\r\n');
      // A reset may overtake the reply.
      expect(await after.nextReply()).toMatch(style === 'rst' ? /^(200|$)/ : /^200/);
      expect(await after.nextReply()).toBe('');
    }
  });

  test('silence, delay, and only the first time', async () => {
    const client = await logIn({
      onCommand: answering({
        NOOP: behaviour.onlyFirst(1, behaviour.silence),
        PWD: behaviour.delayed(80),
        SIZE: behaviour.onlyFirst(1, '450 Busy'),
      }),
    });
    const started = performance.now();
    client.send('NOOP\r\n');
    expect(await client.command('PWD')).toMatch(/^257/);
    expect(performance.now() - started).toBeGreaterThan(75);
    expect(await client.command('NOOP')).toMatch(/^200/);
    expect(await client.command('SIZE file')).toBe('450 Busy');
    expect(await client.command('SIZE file')).toBe('213 300000');
  });
});

describe('replies', () => {
  test('byte by byte and split they still arrive', async () => {
    const writes: number[] = [];
    const client = await logIn({
      onReply: answering({
        SIZE: behaviour.byteByByte(),
        PWD: behaviour.splitAt(5, 20),
        'RETR 226': behaviour.byteByByte(),
      }),
    });
    client.stream.on('data', (chunk: Buffer) => writes.push(chunk.length));
    expect(await client.command('SIZE file')).toBe('213 300000');
    expect(writes).toEqual(Array.from({ length: '213 300000\r\n'.length }, () => 1));
    writes.length = 0;
    expect(await client.command('PWD')).toMatch(/^257/);
    expect(writes[0]).toBe(5);
    expect((await client.download('RETR file')).last).toMatch(/^226/);
  });

  test('a second reply can follow, and a final reply can be left out', async () => {
    const client = await logIn({
      onReply: answering({
        'RETR 226': behaviour.thenSend('426 And yet'),
        'STOR 226': behaviour.silence,
        '*': 'default',
      }),
    });
    expect((await client.download('RETR file')).last).toMatch(/^226/);
    expect(await client.nextReply()).toBe('426 And yet');
    const raw = await client.openData();
    await client.command('STOR in/silent');
    (await client.secureData(raw)).end('x');
    expect(await client.command('NOOP')).toMatch(/^200/);
  });
});
