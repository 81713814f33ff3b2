import { execFile } from 'node:child_process';
import { appendFile, chown, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findTool } from './find-tool.js';
import { type FtpServerOptions, type FtpTestServer, startFtpServer } from './ftp-test-server.js';
import { hashPassword } from './hash-password.js';
import { serverGid, serverUid, writeServerFile } from './run-folder.js';

const runFile = promisify(execFile);

/** Explicit only: Pure-FTPd has no implicit TLS. Nor can it require session reuse. It counts idle time in minutes. */
export interface PureFtpdOptions extends Omit<FtpServerOptions, 'mode' | 'idleTimeoutSeconds'> {
  mode?: 'explicit';
  /** Arguments such as `-I`, `1`. */
  extraArguments?: readonly string[];
}

/**
 * Starts Pure-FTPd (Debian 12 has 1.0.50) with one virtual user.
 *
 * Without root there is no chroot, so paths are as they are on disk, and no active mode (its helper process, which
 * opens the connection to the client, ends: 425). It logs transfers only, and under TLS 1.3
 * it does not resume sessions for every client. An upload that was cut off looks complete to it.
 */
export function startPureFtpd(options: PureFtpdOptions = {}): Promise<FtpTestServer> {
  return startFtpServer(
    {
      kind: 'pure-ftpd',
      async prepare(setting) {
        const file = (name: string) => join(setting.folder, name);
        const hash = await hashPassword(setting.password);
        // pure-pw would add `/./`, which asks for chroot. The empty fields are limits.
        const account = [
          setting.user,
          hash,
          serverUid,
          serverGid,
          '',
          setting.root,
          ...Array<string>(12).fill(''),
        ];
        await writeServerFile(file('passwd'), `${account.join(':')}\n`);
        await runFile(findTool('pure-pw'), ['mkdb', file('users.pdb'), '-f', file('passwd')]);
        await chown(file('users.pdb'), serverUid, serverGid);
        await writeServerFile(file('start.py'), startWithoutSetgroups);
        const { first, last } = setting.passivePorts;
        const address = [
          '-S',
          `${setting.host},${setting.port}`,
          setting.host === '::1' ? '-6' : '-4',
          '-p',
          `${first}:${last}`,
          '-H',
        ];
        const login = ['-l', `puredb:${file('users.pdb')}`, '-E', '-c', '100', '-C', '100'];
        // `-C:` before the ciphers asks for client certificates of the authorities in the file of `-2`.
        const clients = setting.requireClientCertificate ? ['-J', '-C:HIGH'] : [];
        if (setting.requireClientCertificate)
          await appendFile(setting.bothFile, await readFile(setting.caFile, 'utf8'));
        const tls = ['-Y', setting.allowPlain ? '1' : '3', '-2', setting.bothFile, ...clients];
        const files = ['-D', '-g', file('pid'), '-O', `clf:${setting.logFile}`];
        const command = [
          findTool('pure-ftpd'),
          address,
          login,
          tls,
          files,
          options.extraArguments ?? [],
        ].flat();
        return { command: findTool('python3-pyftpdlib'), args: [file('start.py'), ...command] };
      },
    },
    options,
  );
}

/**
 * Pure-FTPd calls setgroups() at every login and ends the session when it fails, which without root it does.
 * So this answers that one call with success without doing it, by a seccomp filter (seccomp(2)), and starts
 * Pure-FTPd: the groups stay as they are. The program reads: load the architecture; when it is another than
 * ours, allow; load the call's number; when it is not setgroups, allow; else "error 0".
 */
const startWithoutSetgroups = `
import ctypes, os, platform, struct, sys

architecture, setgroups = {'x86_64': (0xC000003E, 116), 'aarch64': (0xC00000B7, 159)}[platform.machine()]
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, ERRNO_0 = 0x7FFF0000, 0x00050000
program = b''.join(struct.pack('HBBI', *step) for step in [
    (LOAD, 0, 0, 4),
    (JUMP_IF_EQUAL, 0, 3, architecture),
    (LOAD, 0, 0, 0),
    (JUMP_IF_EQUAL, 0, 1, setgroups),
    (RETURN, 0, 0, ERRNO_0),
    (RETURN, 0, 0, ALLOW),
])

class Filter(ctypes.Structure):
    _fields_ = [('steps', ctypes.c_ushort), ('program', ctypes.c_char_p)]

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
prctl = ctypes.CDLL(None, use_errno=True).prctl
filter = Filter(len(program) // 8, program)
if prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filter), 0, 0):
    raise OSError(ctypes.get_errno(), 'prctl')
os.execv(sys.argv[1], sys.argv[1:])
`;
