/** The server as curl (OpenSSL) and lftp (GnuTLS) see it. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeCertificate } from './certificates.js';
import type { FtpsServer } from './start-ftps-server.js';
import { prepareGround, run, type Ground } from './test-support/practice-ground.js';

let ground: Ground;
let server: FtpsServer;

beforeAll(async () => {
  ground = await prepareGround();
});
afterEach(async () => {
  await ground.clear();
  for (const name of await readdir(ground.root)) await rm(join(ground.root, name), { recursive: true });
});
afterAll(() => ground.remove());

function address(path: string): string {
  const scheme = server.mode === 'explicit' ? 'ftp' : 'ftps';
  return `${scheme}://localhost:${server.port}/${encodeURI(path)}`;
}

function curl(...args: string[]) {
  return run('curl', ['-sS', '--ssl-reqd', '--cacert', ground.caPath, '-u', 'u:p', ...args]);
}

function lftp(...commands: string[]) {
  const settings = [
    `set ssl:ca-file "${ground.caPath}"`,
    'set ftp:ssl-force true',
    'set ftp:ssl-protect-data true',
    'set net:max-retries 1',
    'set net:timeout 10',
    'set cmd:fail-exit true',
    `open -u u,p ${server.mode === 'explicit' ? 'ftp' : 'ftps'}://localhost:${server.port}`,
  ];
  return run('lftp', ['--norc', '-c', [...settings, ...commands].join('; ')], { cwd: ground.folder });
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

async function writeRandom(path: string, sizeBytes: number): Promise<string> {
  const block = randomBytes(1 << 20);
  const file = await open(path, 'w');
  for (let written = 0; written < sizeBytes; written += block.length) {
    block.writeUInt32LE(written >>> 0);
    await file.write(block.subarray(0, Math.min(block.length, sizeBytes - written)));
  }
  await file.close();
  return path;
}

const data = (kind: string) =>
  ground.events.filter((event) => event.kind === kind).map((event) => event.detail);

describe.each(['explicit', 'implicit'] as const)('%s', (mode) => {
  describe.each(['1.2', '1.3'] as const)('TLS %s', (version) => {
    beforeEach(async () => {
      const only = `TLSv${version}` as const;
      server = await ground.start({
        mode,
        tls: { ...ground.pki.server, minVersion: only, maxVersion: only },
      });
    });

    test.each([0, 1, 70_000, 3_000_001])(
      'curl uploads and downloads %d bytes unchanged',
      async (sizeBytes) => {
        const source = await writeRandom(join(ground.folder, 'source'), sizeBytes);
        const target = join(ground.folder, 'target');
        await rm(target, { force: true });
        expect(await curl('-T', source, address('sent.bin'))).toMatchObject({ code: 0 });
        expect(await sha256(join(ground.root, 'sent.bin'))).toBe(await sha256(source));
        expect(await curl('-o', target, address('sent.bin'))).toMatchObject({ code: 0 });
        // curl makes no file for nothing.
        const arrived = sizeBytes === 0 ? '' : await sha256(target);
        expect(arrived).toBe(sizeBytes === 0 ? '' : await sha256(source));
        expect(data('data_opened')).toEqual([
          `STOR /sent.bin TLSv${version} resumed`,
          `RETR /sent.bin TLSv${version} resumed`,
        ]);
      },
    );

    test('lftp uploads, lists, renames, downloads and removes', async () => {
      const source = await writeRandom(join(ground.folder, 'source'), 300_000);
      await rm(join(ground.folder, 'back'), { force: true });
      const result = await lftp(
        'mkdir in',
        'cd in',
        'put source -o "März 2026 ä.bin"',
        'mv "März 2026 ä.bin" "final €.bin"',
        'cls -1',
        'get "final €.bin" -o back',
        'rm "final €.bin"',
        'cd ..',
        'rmdir in',
      );
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(result.stdout).toContain('final €.bin');
      expect(await sha256(join(ground.folder, 'back'))).toBe(await sha256(source));
      expect(await readdir(ground.root)).toEqual([]);
      expect(data('data_opened').every((detail) => detail.endsWith(`TLSv${version} resumed`))).toBe(true);
    });
  });

  test('100 MiB go up and come down hash-equal', async () => {
    server = await ground.start({ mode });
    const source = await writeRandom(join(ground.folder, 'large'), 100 << 20);
    const target = join(ground.folder, 'large-back');
    expect(await curl('-T', source, address('large'))).toMatchObject({ code: 0 });
    expect(await curl('-o', target, address('large'))).toMatchObject({ code: 0 });
    expect(await sha256(target)).toBe(await sha256(source));
  });
});

describe('explicit', () => {
  beforeEach(async () => {
    server = await ground.start();
  });

  test('a broken download and a broken upload are taken up again where they stopped', async () => {
    const whole = await writeRandom(join(ground.folder, 'whole'), 500_000);
    await writeFile(join(ground.root, 'file'), await readFile(whole));
    const part = join(ground.folder, 'part');
    await writeFile(part, (await readFile(whole)).subarray(0, 123_457));
    expect(await curl('-C', '-', '-o', part, address('file'))).toMatchObject({ code: 0 });
    expect(await sha256(part)).toBe(await sha256(whole));
    await truncate(join(ground.root, 'file'), 77_777);
    // curl resumes with APPE, lftp with REST and STOR.
    expect(await curl('-C', '-', '-T', whole, address('file'))).toMatchObject({ code: 0 });
    expect(await sha256(join(ground.root, 'file'))).toBe(await sha256(whole));
    await truncate(join(ground.root, 'file'), 77_777);
    expect(await lftp('put -c whole -o file')).toMatchObject({ code: 0 });
    expect(await sha256(join(ground.root, 'file'))).toBe(await sha256(whole));
    expect(data('uploaded')).toEqual(['/file 422223 bytes', '/file 422223 bytes']);
  });

  test('curl creates folders, renames and deletes by commands of its own', async () => {
    const source = await writeRandom(join(ground.folder, 'source'), 10);
    const made = await curl(
      '--ftp-create-dirs',
      '-T',
      source,
      address('a b/ü/x.tmp'),
      '-Q',
      '-RNFR x.tmp',
      '-Q',
      '-RNTO x.bin',
    );
    expect(made).toMatchObject({ code: 0 });
    expect(await readdir(join(ground.root, 'a b', 'ü'))).toEqual(['x.bin']);
    expect(await curl(address(''), '-Q', 'DELE a b/ü/x.bin', '-Q', 'RMD a b/ü')).toMatchObject({ code: 0 });
    expect(await readdir(join(ground.root, 'a b'))).toEqual([]);
  });

  test('curl lists, by PASV too, and mtime and size arrive', async () => {
    await writeFile(join(ground.root, 'one.txt'), 'one');
    await mkdir(join(ground.root, 'folder'));
    const long = await curl('--disable-epsv', address(''));
    expect(long.stdout).toMatch(/^drwx.* folder\r?\n-rw.* 3 .* one\.txt\r?\n$/);
    expect((await curl('-l', address(''))).stdout).toBe('folder\none.txt\n');
    const head = await curl('-I', address('one.txt'));
    expect(head.stdout).toContain('Content-Length: 3');
    const { mtime } = await stat(join(ground.root, 'one.txt'));
    expect(head.stdout).toContain(`Last-Modified: ${mtime.toUTCString()}`);
  });

  test('lftp mirrors a tree in parallel, both ways', async () => {
    await mkdir(join(ground.folder, 'tree', 'sub'), { recursive: true });
    for (let n = 0; n < 40; n += 1) {
      await writeFile(join(ground.folder, 'tree', n % 2 ? 'sub' : '', `file ${n}`), randomBytes(n * 100));
    }
    expect(await lftp('mirror -R -P 4 tree up', 'mirror -P 4 up back-tree')).toMatchObject({ code: 0 });
    const compared = await run('diff', ['-r', 'tree', 'back-tree'], { cwd: ground.folder });
    expect(compared).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('a wrong password is refused to both', async () => {
    expect(await curl('-u', 'u:wrong', address(''))).toMatchObject({ code: 67 });
    expect((await lftp('open -u u,wrong localhost', 'ls')).code).not.toBe(0);
  });

  test('a client that knows another CA or means another host does not come in', async () => {
    const other = await run('curl', ['-sS', '--ssl-reqd', '-u', 'u:p', address('')]);
    expect(other.code).toBe(60);
    const wrongHost = ['--resolve', `partner.example:${server.port}:127.0.0.1`];
    expect(await curl(...wrongHost, `ftp://partner.example:${server.port}/`)).toMatchObject({ code: 60 });
    expect(ground.events.some((event) => event.kind === 'logged_in')).toBe(false);
  });

  test('curl without TLS is sent away before it can say its password', async () => {
    const clear = await run('curl', ['-sS', '-u', 'u:p', address('')]);
    expect(clear.code).toBe(67);
    expect(ground.events.some((event) => event.kind === 'login_failed')).toBe(false);
  });
});

test('a client certificate is asked for and must be of the CA', async () => {
  const { ca } = ground.pki;
  server = await ground.start({ tls: { ...ground.pki.server, ca: ca.cert, requireClientCertificate: true } });
  const mine = await makeCertificate({ commonName: 'client', use: 'client', issuer: ca });
  const foreign = await makeCertificate({ commonName: 'client', use: 'client' });
  const present = async ({ cert, key }: { cert: string; key: string }) => {
    const path = join(ground.folder, 'client.pem');
    await writeFile(path, cert + key);
    return curl('--cert', path, address(''));
  };
  expect(await present(mine)).toMatchObject({ code: 0 });
  expect((await present(foreign)).code).not.toBe(0);
  expect((await curl(address(''))).code).not.toBe(0);
});
