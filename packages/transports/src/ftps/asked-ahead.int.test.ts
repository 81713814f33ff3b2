import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { appendFile, chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { delayed, silence } from '@waybill/ftps-server/behaviours.js';
import type { Answer, Script } from '@waybill/ftps-server/script.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { serverGid, serverUid } from '@waybill/testing/servers/run-folder.js';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { openMemory, type MemoryFiles } from '../memory.js';
import { type MoveResult, moveFile } from '../move-file.js';
import { assertFails } from '../test-support/assert-fails.js';
import { open, start } from '../test-support/hostile-partner.js';
import { moveRequest } from '../test-support/move-request.js';
import { quiet } from '../test-support/open-for-test.js';
import { openOn, running, sourceOf } from '../test-support/real-session.js';
import { said } from '../test-support/said.js';
import type { Transport } from '../transport.js';

const NAMES = ['a.bin', 'b.bin', 'c.bin', 'd.bin'];

async function withFiles(starting: Promise<FtpTestServer>): Promise<FtpTestServer> {
  const server = await running(starting);
  for (const name of NAMES) {
    await writeFile(join(server.root, name), `content of ${name}`);
    await chown(join(server.root, name), serverUid, serverGid);
  }
  return server;
}

/** Collects one file, and says which one follows. */
function collect(source: Transport, target: Transport, index: number): Promise<MoveResult> {
  const path = `/${NAMES[index]}`;
  const next = NAMES[index + 1];
  return moveFile(
    moveRequest({
      source,
      sourcePath: path,
      nextSourcePath: next === undefined ? null : `/${next}`,
      target,
      targetPath: path,
      reopenTarget: async () => target,
    }),
  );
}

/** Each command with the name of the file that it is about, without its folder. */
function commandsOf(transport: Transport): string[] {
  return said(transport).map((line) => line.replace(/ \S*\//, ' '));
}

describe('files collected one after the other', () => {
  test('are looked at, hashed and given a port in one write: the next one begins with RETR', async () => {
    const source = await openOn(await withFiles(startProftpd()));
    const files: MemoryFiles = new Map();
    const target = openMemory(files, 'target');
    for (const [index, name] of NAMES.entries()) {
      if (index === 2) source.record({ drain: true });
      expect(await collect(source, target, index)).toMatchObject({
        verification: 'server_hash',
        sha256: createHash('sha256').update(`content of ${name}`).digest('hex'),
      });
    }
    expect(commandsOf(source)).toEqual([
      ...['RETR c.bin', 'MLST c.bin', 'HASH c.bin', 'MLST d.bin', 'EPSV'],
      ...['RETR d.bin', 'MLST d.bin', 'HASH d.bin', 'EPSV'],
    ]);
    expect([...files.values()].map(({ bytes }) => bytes.toString())).toEqual(
      NAMES.map((name) => `content of ${name}`),
    );
  });

  test('are looked at with SIZE and MDTM where there is no MLST', async () => {
    const source = await openOn(await withFiles(startVsftpd()));
    const files: MemoryFiles = new Map();
    const target = openMemory(files, 'target');
    for (const [index, name] of NAMES.entries()) {
      if (index === 3) source.record({ drain: true });
      expect((await collect(source, target, index)).verification).toBe('size');
      expect(files.get(`/${name}`)?.bytes.toString()).toBe(`content of ${name}`);
    }
    expect(commandsOf(source)).toEqual(['RETR d.bin', 'SIZE d.bin', 'MDTM d.bin', 'EPSV']);
  });

  test('a file that has grown since it was looked at is not taken for whole', async () => {
    const server = await withFiles(startProftpd());
    const source = await openOn(server);
    const files: MemoryFiles = new Map();
    const target = openMemory(files, 'target');
    for (const index of [0, 1]) await collect(source, target, index);
    await appendFile(join(server.root, 'c.bin'), ', and more');
    const error = await assertFails(collect(source, target, 2), 'size_mismatch');
    expect(error.message).toMatch(/The partner may still be writing it/);
    expect([...files.keys()]).toEqual(['/a.bin', '/b.bin']);
  });
});

describe('what was asked ahead', () => {
  test('is asked once more where another command was given since', async () => {
    const server = await withFiles(startProftpd());
    const source = await openOn(server);
    await source.read('/a.bin', () => undefined, { signal: quiet, nextPath: '/b.bin' });
    await appendFile(join(server.root, 'b.bin'), ', and more');
    await source.stat('/c.bin');
    expect((await source.stat('/b.bin'))?.sizeBytes).toBe('content of b.bin, and more'.length);
  });

  test('is no hash of what we have written since', async () => {
    const source = await openOn(await withFiles(startProftpd()));
    // The first one chooses the algorithm.
    await source.hashByServer('/c.bin', { algorithm: 'SHA-256' });
    await source.read('/a.bin', () => undefined, { signal: quiet, hashWith: 'SHA-256' });
    await source.write('/a.bin', sourceOf(Buffer.from('other')), { signal: quiet });
    expect(await source.hashByServer('/a.bin', { algorithm: 'SHA-256' })).toBe(
      createHash('sha256').update('other').digest('hex'),
    );
  });

  test('is no hash of another file, nor of another algorithm', async () => {
    const source = await openOn(await withFiles(startProftpd()));
    await source.hashByServer('/c.bin', { algorithm: 'SHA-256' });
    for (const [path, algorithm] of [
      ['/b.bin', 'SHA-256'],
      ['/a.bin', 'SHA-1'],
    ] as const) {
      await source.read('/a.bin', () => undefined, { signal: quiet, hashWith: 'SHA-256' });
      const hash = createHash(algorithm.replace('-', '').toLowerCase());
      expect(await source.hashByServer(path, { algorithm })).toBe(
        hash.update(`content of ${path.slice(1)}`).digest('hex'),
      );
    }
  });
});

describe('a next file about which the server makes difficulties', () => {
  const untilNext = async (script: Script): Promise<Transport> => {
    const files: MemoryFiles = new Map();
    const server = await start({ script });
    for (const name of NAMES) await writeFile(join(server.root, name), `content of ${name}`);
    const source = await open(server, { idleTimeoutMs: 5000 });
    const target = openMemory(files, 'target');
    for (const index of [0, 1]) await collect(source, target, index);
    expect(files.get('/b.bin')?.bytes.toString()).toBe('content of b.bin');
    return source;
  };
  const about = (name: string, answer: Answer): Script => ({
    onCommand: (_session, verb, argument) =>
      verb === 'MLST' && argument.endsWith(name) ? answer : undefined,
  });

  test('costs the one before it nothing: a no is asked for again, and told with its own file', async () => {
    const source = await untilNext(about('c.bin', '450 Busy, try again'));
    expect(source.usable).toBe(true);
    source.record({ drain: true });
    const error = await assertFails(collect(source, openMemory(new Map(), 'target'), 2), 'server_busy');
    expect(error.message).toContain('450 Busy, try again');
    expect(commandsOf(source)).toEqual(['MLST c.bin']);
  });

  test('costs the one before it nothing where the server says nothing any more', async () => {
    const source = await untilNext(about('c.bin', silence));
    await assertFails(collect(source, openMemory(new Map(), 'target'), 2), 'stalled');
  });

  test('is not waited for at the end', async () => {
    const source = await untilNext(about('c.bin', delayed(60_000)));
    const before = performance.now();
    await source.close();
    expect(performance.now() - before).toBeLessThan(4500);
  });
});
