/** What a script can do to data connections and to listings. */
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { makeCertificate } from './certificates.js';
import type { DataPlan, Script } from './script.js';
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

describe('data connections', () => {
  const withPlan = (plan: DataPlan) => logIn({ onDataOpen: () => plan });

  test.each([
    ['fin', 100_000],
    ['clean', 100_000],
    ['rst', 100_000],
    ['fin', 0],
  ] as const)('a download can end by %s after %d bytes', async (how, afterBytes) => {
    const client = await withPlan({ cut: { afterBytes, how }, finalReply: '226 All is well' });
    const raw = await client.openData();
    expect(await client.command('RETR file')).toMatch(/^150/);
    const secure = await client.secureData(raw);
    let received = 0;
    let failed = false;
    secure.on('data', (chunk: Buffer) => (received += chunk.length));
    secure.on('error', () => (failed = true));
    await new Promise<void>((resolve) => secure.once('end', resolve).once('close', () => resolve()));
    expect(failed).toBe(how === 'rst');
    // What was sent before a reset may be lost on the way.
    expect(received).toBeLessThanOrEqual(afterBytes);
    expect(received).toBeGreaterThanOrEqual(how === 'rst' ? 0 : afterBytes);
    expect(await client.nextReply()).toBe('226 All is well');
  });

  test('without a final reply of its own a cut is an honest 426', async () => {
    const client = await withPlan({ cut: { afterBytes: 10, how: 'fin' } });
    expect((await client.download('RETR file')).last).toMatch(/^426/);
    expect(await client.command('NOOP')).toMatch(/^200/);
  });

  test('curl notices the short file, though it is told that all is well', async () => {
    const plan: DataPlan = { cut: { afterBytes: 100_000, how: 'clean' }, finalReply: '226 All is well' };
    const server = await ground.start({
      script: { onDataOpen: (_session, verb) => (verb === 'RETR' ? plan : undefined) },
    });
    const url = `ftp://u:p@localhost:${server.port}/file`;
    const result = await run('curl', [
      '-sS',
      '--ssl-reqd',
      '--cacert',
      ground.caPath,
      '-o',
      '/dev/null',
      url,
    ]);
    expect(result.code).toBe(18);
  });

  test('a stall lasts until the client gives up', async () => {
    const client = await withPlan({ cut: { afterBytes: 1000, how: 'stall' } });
    const raw = await client.openData();
    await client.command('RETR file');
    const secure = await client.secureData(raw);
    let received = 0;
    secure.on('data', (chunk: Buffer) => (received += chunk.length));
    await wait(200);
    expect(received).toBe(1000);
    expect(secure.destroyed || secure.readableEnded).toBe(false);
    expect(await client.command('ABOR')).toMatch(/^426/);
  });

  test('in the middle of a transfer the control connection can speak or go', async () => {
    const client = await withPlan({
      cut: {
        afterBytes: 1000,
        how: async (turn) => {
          await turn.send('421 Shutting down\r\n');
          turn.drop('rst');
        },
      },
    });
    const raw = await client.openData();
    await client.command('RETR file');
    (await client.secureData(raw)).resume();
    expect(await client.nextReply()).toMatch(/^(421 Shutting down|$)/);
    expect(await client.nextReply()).toBe('');
  });

  test('an upload can be taken, dropped and acknowledged; or broken off with a reply of its own', async () => {
    const dropping = await withPlan({ discard: true });
    expect(await dropping.upload('STOR in/gone', content)).toBe('226 Transfer complete, 300000 bytes');
    expect((await readFile(join(ground.root, 'in', 'gone'))).length).toBe(0);
    const full = await withPlan({ cut: { afterBytes: 5000, how: 'rst' }, finalReply: '552 Quota exceeded' });
    expect(await full.upload('STOR in/part', content)).toBe('552 Quota exceeded');
    expect((await readFile(join(ground.root, 'in', 'part'))).length).toBeLessThanOrEqual(5000);
  });

  test('other content can be sent, later', async () => {
    const client = await withPlan({
      delayMs: 60,
      async *replaceContent(file) {
        for await (const chunk of file) yield Buffer.from(chunk.toString().replaceAll('waybill', 'WAYBILL'));
      },
    });
    const started = performance.now();
    const { bytes, last } = await client.download('RETR file');
    expect(performance.now() - started).toBeGreaterThan(55);
    expect(bytes.subarray(0, 8).toString()).toBe('WAYBILL ');
    expect(last).toMatch(/^226/);
  });

  test('another certificate can be shown on the data connection', async () => {
    const { ca } = ground.pki;
    const other = await makeCertificate({
      commonName: 'other',
      use: 'server',
      names: ['other.example'],
      issuer: ca,
    });
    const client = await withPlan({ tls: other });
    const raw = await client.openData();
    await client.command('RETR file');
    const secure = await client.secureData(raw);
    const error = secure.errored ?? ((await once(secure, 'error'))[0] as Error);
    expect(error?.message).toMatch(/other\.example/);
  });

  test('data can come in the clear although PROT P was agreed', async () => {
    const client = await withPlan({ tls: 'plain' });
    const raw = await client.openData();
    expect(await client.command('RETR file')).toMatch(/^150/);
    let text = '';
    raw.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    await once(raw, 'end');
    expect(text).toBe(content.toString());
  });

  test('in place of the handshake a data connection can be reset, or nothing happen', async () => {
    const reset = await withPlan({ tls: 'rst' });
    await reset.openData();
    expect(await reset.command('RETR file')).toMatch(/^150/);
    expect(await reset.nextReply()).toMatch(/^426/);
    const silent = await withPlan({ tls: 'stall' });
    const raw = await silent.openData();
    expect(await silent.command('RETR file')).toMatch(/^150/);
    raw.end();
    expect(await silent.nextReply()).toMatch(/^426/);
  });

  test('a server that offers no resumption keeps its own rule and serves nobody', async () => {
    const server = await ground.start({ tls: { ...ground.pki.server, offerResumption: false } });
    expect((await (await ground.logIn(server)).download('RETR file')).last).toMatch(/^522/);
  });
});

describe('listings', () => {
  test('lines can be changed, and any bytes sent', async () => {
    const client = await logIn({
      transformListing(_session, verb, lines) {
        if (verb === 'NLST') return Buffer.from([0xff, 0x00, 0x0a]);
        return [
          ...lines.filter((line) => line.endsWith(' file')),
          'type=file;size=-1;modify=never; ../../etc/passwd',
        ];
      },
    });
    expect((await client.download('MLSD')).bytes.toString()).toMatch(
      /^type=file;size=300000;[^\n]* file\r\ntype=file;size=-1;modify=never; \.\.\/\.\.\/etc\/passwd\r\n$/,
    );
    expect((await client.download('NLST')).bytes).toEqual(Buffer.from([0xff, 0x00, 0x0a]));
  });

  test('a listing without end is made as fast as it is read', async () => {
    let made = 0;
    const client = await logIn({
      async *transformListing() {
        for (;;) {
          made += 1;
          yield Buffer.from(`type=file;size=1; f${made}\r\n`);
        }
      },
    });
    const raw = await client.openData();
    await client.command('MLSD');
    const secure = await client.secureData(raw);
    let received = 0;
    secure.on('data', (chunk: Buffer) => (received += chunk.length));
    while (received < 1_000_000) await wait(5);
    raw.destroy();
    expect(await client.nextReply()).toMatch(/^426/);
    const stoppedAt = made;
    await wait(50);
    expect(made).toBe(stoppedAt);
  });
});
