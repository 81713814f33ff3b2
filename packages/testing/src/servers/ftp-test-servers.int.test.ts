import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type CertificateKind, getTestPki } from '../pki.js';
import { findFreePorts } from './find-free-ports.js';
import { findTool } from './find-tool.js';
import type { FtpServerOptions, FtpTestServer } from './ftp-test-server.js';
import { listByHand } from './by-hand.js';
import { startProftpd } from './proftpd.js';
import { startPureFtpd } from './pure-ftpd.js';
import { startPyftpdlib } from './pyftpdlib.js';
import { runCurl } from './run-curl.js';
import { findServerProcesses } from './run-server.js';
import { startVsftpd } from './vsftpd.js';

const runFile = promisify(execFile);

type Start = (options?: FtpServerOptions) => Promise<FtpTestServer>;
const startPure: Start = (options) => startPureFtpd({ ...options, mode: 'explicit' });
const servers: [string, Start][] = [
  ['vsftpd', startVsftpd],
  ['ProFTPD', startProftpd],
  ['Pure-FTPd', startPure],
  ['pyftpdlib', startPyftpdlib],
];
const modes: [string, Start][] = servers.flatMap(([name, start]): [string, Start][] => [
  [`${name}, explicit`, start],
  ...(start === startPure
    ? []
    : [[`${name}, implicit`, (options) => start({ ...options, mode: 'implicit' })] as [string, Start]]),
]);

let folder: string;
let running: FtpTestServer | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-servers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(how: Start, options?: FtpServerOptions): Promise<FtpTestServer> {
  running = await how(options);
  return running;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe.each(modes)('%s', (_, how) => {
  test('takes a file from curl, lists it and gives it back unchanged', async () => {
    const server = await start(how);
    const file = join(folder, 'up.bin');
    const bytes = randomBytes(3_000_001);
    await writeFile(file, bytes);
    const up = await runCurl(server, { path: 'Bestellung 1 ü.bin', args: ['-T', file] });
    expect([up.code, up.stderr]).toEqual([0, '']);
    expect(sha256(await readFile(join(server.root, 'Bestellung 1 ü.bin')))).toBe(sha256(bytes));
    const list = await runCurl(server, { path: '' });
    expect(list.stdout.toString()).toContain('3000001');
    expect(list.stdout.toString()).toContain('Bestellung 1 ü.bin');
    const down = await runCurl(server, { path: 'Bestellung 1 ü.bin' });
    expect(sha256(down.stdout)).toBe(sha256(bytes));
  });

  test('names its home as it says, and can rename, overwrite, resume and delete there', async () => {
    const server = await start(how);
    const file = join(folder, 'up.txt');
    await writeFile(file, '0123456789');
    const home = `${server.homePath}/`;
    const quotes = ['-Q', `-RNFR ${home}a.tmp`, '-Q', `-RNTO ${home}a.txt`];
    expect((await runCurl(server, { path: 'a.tmp', args: ['-T', file, ...quotes] })).code).toBe(0);
    expect(await readdir(server.root)).toEqual(['a.txt']);
    await writeFile(file, '0123456789abc');
    expect((await runCurl(server, { path: 'a.txt', args: ['-T', file, '-C', '10'] })).code).toBe(0);
    expect(await readFile(join(server.root, 'a.txt'), 'utf8')).toBe('0123456789abc');
    await writeFile(file, 'new');
    expect((await runCurl(server, { path: 'a.txt', args: ['-T', file] })).code).toBe(0);
    expect(await readFile(join(server.root, 'a.txt'), 'utf8')).toBe('new');
    expect((await runCurl(server, { path: '', args: ['-Q', `DELE ${home}a.txt`] })).code).toBe(0);
    expect(await readdir(server.root)).toEqual([]);
  });

  test('refuses a wrong password', async () => {
    const server = await start(how);
    expect((await runCurl(server, { path: '', password: 'wrong' })).code).toBe(67);
  });

  test('stays on the passive ports that it was given', async () => {
    const passivePorts = await findFreePorts(3);
    const server = await start(how, { passivePorts });
    const { code, stderr } = await runCurl(server, { path: '', args: ['-v'] });
    expect(code).toBe(0);
    const port = Number(/^< 229 .*\(\|\|\|(\d+)\|\)/m.exec(stderr)?.[1]);
    expect(port).toBeGreaterThanOrEqual(passivePorts.first);
    expect(port).toBeLessThanOrEqual(passivePorts.last);
  });

  test('is gone after stop, with its folder, also in the middle of a download', async () => {
    // A few ports of its own, so that a connection to one of them is a connection to this server.
    const server = await start(how, { passivePorts: await findFreePorts(3) });
    const { pid, root } = server;
    // More than the buffers of both sides can take.
    await writeFile(join(root, 'big.bin'), '');
    await truncate(join(root, 'big.bin'), 200_000_000);
    const download = runCurl(server, { path: 'big.bin', args: ['--limit-rate', '10M'] });
    for (const deadline = Date.now() + 30_000; !(await hasDataConnection(server)); await sleep(20))
      if (Date.now() > deadline) throw new Error('curl has opened no data connection');
    expect(findServerProcesses(pid).length).toBeGreaterThan(0);
    await server.stop();
    expect(findServerProcesses(pid)).toEqual([]);
    expect(existsSync(dirname(root))).toBe(false);
    expect((await download).code).not.toBe(0);
    await server.stop();
  });
});

/** Whether a client is connected to one of the server's passive ports, read from the kernel's table. */
async function hasDataConnection(server: FtpTestServer): Promise<boolean> {
  const table = await readFile('/proc/net/tcp', 'utf8');
  const established = table.split('\n').filter((line) => / 01 /.test(line.slice(0, 40)));
  const ports = established.map((line) => parseInt(/:([0-9A-F]{4}) /.exec(line.slice(6))?.[1] ?? '0', 16));
  const { first, last } = server.passivePorts;
  return ports.some((port) => port >= first && port <= last);
}

describe.each(servers)('%s', (_, how) => {
  test.each<[CertificateKind, RegExp]>([
    ['expired', /certificate has expired/],
    ['wrong-host', /no alternative certificate subject name matches/],
    ['self-signed', /self.signed certificate/],
    ['unknown-ca', /certificate signature failure|unable to get local issuer/],
  ])('shows a certificate that is wrong as asked: %s', async (certificate, reason) => {
    const server = await start(how, { certificate });
    const { code, stderr } = await runCurl(server, { path: '' });
    expect(code).toBe(60);
    expect(stderr).toMatch(reason);
  });

  test('speaks only the TLS versions that it was given', async () => {
    const old = await start(how, { tlsVersions: ['TLSv1.2'] });
    expect((await runCurl(old, { path: '', args: ['-v'] })).stderr).toContain('SSL connection using TLSv1.2');
    expect((await runCurl(old, { path: '', args: ['--tlsv1.3'] })).code).toBe(35);
    await old.stop();
    const recent = await start(how, { tlsVersions: ['TLSv1.3'] });
    expect((await runCurl(recent, { path: '', args: ['-v'] })).stderr).toContain(
      'SSL connection using TLSv1.3',
    );
    expect((await runCurl(recent, { path: '', args: ['--tls-max', '1.2'] })).code).toBe(35);
  });

  test('asks for a client certificate when told to, and takes only a good one', async () => {
    const server = await start(how, { requireClientCertificate: true });
    expect((await runCurl(server, { path: '' })).code).not.toBe(0);
    const pki = await getTestPki();
    for (const kind of ['good', 'expired', 'unknown-ca'] as const) {
      const { keyPem, certificatePem } = await pki.client(kind);
      const file = join(folder, `${kind}.pem`);
      await writeFile(file, keyPem + certificatePem);
      const { code } = await runCurl(server, { path: '', args: ['--cert', file] });
      expect([kind, code === 0]).toEqual([kind, kind === 'good']);
    }
  });

  test('listens on the IPv6 loopback when told to', async () => {
    const server = await start(how, { host: '::1' });
    expect(await runCurl(server, { path: '' })).toMatchObject({ code: 0, stderr: '' });
    expect((await runCurl(server, { path: '', host: '127.0.0.1' })).code).not.toBe(0);
  });

  test('takes a login and files in the clear only when told to', async () => {
    const server = await start(how, { allowPlain: true });
    const file = join(folder, 'clear.txt');
    await writeFile(file, 'clear');
    const plain = ['--no-ssl-reqd', '--no-ssl'];
    const up = await runCurl(server, { path: 'clear.txt', args: [...plain, '-T', file] });
    expect([up.code, up.stderr]).toEqual([0, '']);
    expect(await readFile(join(server.root, 'clear.txt'), 'utf8')).toBe('clear');
    expect((await runCurl(server, { path: '' })).code).toBe(0);
  });

  test('refuses a login in the clear', async () => {
    const server = await start(how);
    const { code } = await runCurl(server, { path: '', args: ['--no-ssl-reqd', '--no-ssl'] });
    // 28: Pure-FTPd answers 421, which curl counts as a time-out.
    expect([28, 67]).toContain(code);
  });
});

describe.each([
  ['vsftpd', startVsftpd],
  ['ProFTPD', startProftpd],
])('%s', (_, how) => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'requires that data connections resume the session, %s',
    async (version) => {
      const server = await start(how, { tlsVersions: [version] });
      expect(await listByHand(server, { resume: true })).toMatch(/^226 /);
      expect(await listByHand(server, { resume: false })).toMatch(/^(425|426|522) /);
    },
  );

  test('takes data connections with sessions of their own when told to', async () => {
    running = await how({ requireSessionReuse: false });
    expect(await listByHand(running, { resume: false })).toMatch(/^226 /);
  });
});

describe.each(servers.filter(([, how]) => how !== startPure))('%s', (_, how) => {
  test('connects to the client in active mode', async () => {
    const server = await start(how);
    await writeFile(join(server.root, 'seen.txt'), 'x');
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, server.caPem);
    // Not curl: 7.88 loses the address of such a data connection under TLS.
    const settings = [`ssl:ca-file ${ca}`, 'ftp:ssl-force true', 'ftp:ssl-protect-data true'];
    const active = [
      'ftp:passive-mode false',
      'ftp:auto-passive-mode false',
      'net:max-retries 1',
      'net:timeout 10',
    ];
    const lines = [...settings, ...active].map((setting) => `set ${setting}`);
    const open = `open -u ${server.user},${server.password} -p ${server.port} ftp://${server.host}`;
    const { stdout } = await runFile(findTool('lftp'), ['-c', [...lines, open, 'cls -1'].join('; ')]);
    expect(stdout).toContain('seen.txt');
  });

  test('says goodbye to a session that is idle for as long as told', async () => {
    const server = await start(how, { idleTimeoutSeconds: 1, allowPlain: true });
    const socket = connect({ host: server.host, port: server.port });
    let said = '';
    socket.on('data', (chunk) => (said += chunk.toString()));
    await once(socket, 'close');
    expect(said).toMatch(/^220 [^]*^421 /m);
  });
});

test('a folder that the server may not write to is refused, for root too', async () => {
  const server = await start(startProftpd);
  await mkdir(join(server.root, 'closed'), { mode: 0o555 });
  const file = join(folder, 'x');
  await writeFile(file, 'x');
  const { stderr } = await runCurl(server, { path: 'closed/x', args: ['-v', '-T', file] });
  expect(stderr).toContain('< 550 x: Permission denied');
  expect(await readdir(join(server.root, 'closed'))).toEqual([]);
});

test('settings of the caller win over ours', async () => {
  running = await startVsftpd({ extraConfig: ['ftpd_banner=Hello from the test'] });
  expect((await runCurl(running, { path: '', args: ['-v'] })).stderr).toContain('220 Hello from the test');
});

test('a server that cannot start says why', async () => {
  const attempt = startVsftpd({ extraConfig: ['no_such_setting=YES'] });
  await expect(attempt).rejects.toThrow(/vsftpd did not start[^]*no_such_setting/);
});
