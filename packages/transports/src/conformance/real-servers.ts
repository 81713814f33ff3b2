/** The four servers that run here, as they come from Debian, and what each lacks. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findTool } from '@waybill/testing/servers/find-tool.js';
import type { FtpServerOptions, FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { startPureFtpd } from '@waybill/testing/servers/pure-ftpd.js';
import { startPyftpdlib } from '@waybill/testing/servers/pyftpdlib.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { endpointOf } from '../test-support/open-for-test.js';
import { CannotStart, type Lack, type Partner, type StartOptions } from './feature.js';
import type { TestedServer } from './features.js';

const runFile = promisify(execFile);
const MIB = 1024 * 1024;

const noHash: Lack = { because: 'has no commands for hashes', shows: /offers no such hash/ };
const noImplicit: Lack = { because: 'knows explicit FTPS only', shows: /implicit/ };
const noQuota: Lack = { because: 'has no quota of its own, as Debian sets it up', shows: /quota/ };
const cannotRequire: Lack = {
  because: 'resumes sessions, but cannot require it',
  shows: /cannot require session reuse/,
};

/** With strict_ssl_read_eof: an upload whose end is not certain is refused. */
export const vsftpd: TestedServer = {
  name: 'vsftpd',
  kind: 'real',
  version: () => readVersion('vsftpd', ['-v']),
  start: (options) =>
    start(options, (common) =>
      startVsftpd({
        ...common,
        requireSessionReuse: options.requireSessionReuse ?? true,
        strictTlsEnd: true,
        extraConfig: options.passiveAddress === undefined ? [] : [`pasv_address=${options.passiveAddress}`],
      }),
    ),
  lacks: {
    mlsd: { because: 'has LIST only', shows: /not used: MLSD/ },
    mlst: { because: 'has SIZE and MDTM instead', shows: /not used: MLST/ },
    mfmt: { because: 'has no MFMT', shows: /time was not set/ },
    hash: noHash,
    xsha256: noHash,
    xmd5: noHash,
    xcrc: noHash,
    quota: noQuota,
  },
};

export const proftpd: TestedServer = {
  name: 'ProFTPD',
  kind: 'real',
  version: () => readVersion('proftpd', ['-v']),
  start: ({ quotaBytes, ...options }) =>
    start(options, (common) =>
      startProftpd({
        ...common,
        requireSessionReuse: options.requireSessionReuse ?? true,
        ...(quotaBytes === undefined ? {} : { quotaMib: quotaBytes / MIB }),
        extraConfig:
          options.passiveAddress === undefined ? [] : [`MasqueradeAddress ${options.passiveAddress}`],
      }),
    ),
  lacks: {},
};

export const pureFtpd: TestedServer = {
  name: 'Pure-FTPd',
  kind: 'real',
  version: () => readVersion('pure-ftpd', ['--help']),
  start({ mode, idleTimeoutSeconds, ...options }) {
    if (mode === 'implicit') throw new CannotStart('no implicit FTPS');
    if (idleTimeoutSeconds !== undefined) throw new CannotStart('idle time in minutes');
    if (options.requireSessionReuse) throw new CannotStart('cannot require session reuse');
    return start(options, (common) =>
      startPureFtpd({
        ...common,
        mode: 'explicit',
        extraArguments: options.passiveAddress === undefined ? [] : ['-P', options.passiveAddress],
      }),
    );
  },
  lacks: {
    explicit12reuse: cannotRequire,
    explicit13reuse: cannotRequire,
    implicit12reuse: noImplicit,
    implicit13reuse: noImplicit,
    implicit12: noImplicit,
    implicit13: noImplicit,
    authSsl: { because: 'knows AUTH TLS only', shows: /AUTH SSL/ },
    resumed13: { because: 'makes a new session for each connection under TLS 1.3', shows: /not resumed/ },
    active: { because: 'needs root for it, which test servers do not have', shows: /425|500/ },
    hash: noHash,
    xsha256: noHash,
    xmd5: noHash,
    xcrc: noHash,
    trailingSpace: { because: 'takes spaces at the end of a name away', shows: /not in the listing/ },
    quota: { because: 'has quotas only in a chroot, for which test servers lack the right', shows: /quota/ },
    idle: { because: 'counts idle time in minutes', shows: /minutes/ },
  },
};

export const pyftpdlib: TestedServer = {
  name: 'pyftpdlib',
  kind: 'real',
  version: () => readVersion('python3-pyftpdlib', ['-c', 'import pyftpdlib; print(pyftpdlib.__ver__)']),
  start(options) {
    if (options.requireSessionReuse) throw new CannotStart('cannot require session reuse');
    return start(options, (common) =>
      startPyftpdlib({
        ...common,
        extraConfig:
          options.passiveAddress === undefined
            ? []
            : [`Handler.masquerade_address = '${options.passiveAddress}'`],
      }),
    );
  },
  lacks: {
    explicit12reuse: cannotRequire,
    explicit13reuse: cannotRequire,
    implicit12reuse: cannotRequire,
    implicit13reuse: cannotRequire,
    hash: noHash,
    xsha256: noHash,
    xmd5: noHash,
    xcrc: noHash,
    latin1: { because: 'speaks UTF-8 only', shows: /not in the listing/ },
    quota: noQuota,
    idle: { because: 'ends an idle session only before the login', shows: /still counts as usable/ },
  },
};

/** The first number with dots in what the program says of itself, on whichever of its streams. */
async function readVersion(tool: string, args: string[]): Promise<string> {
  const { stdout, stderr } = await runFile('/bin/sh', [
    '-c',
    'exec "$@" 0>&1',
    'sh',
    findTool(tool),
    ...args,
  ]);
  const version = /\d+(?:\.\d+)+[a-z]?/.exec(stdout + stderr)?.[0];
  if (version === undefined) throw new Error(`${tool} does not say its version`);
  return version;
}

async function start(
  { quotaBytes, ...options }: StartOptions,
  how: (common: FtpServerOptions) => Promise<FtpTestServer>,
): Promise<Partner> {
  if (quotaBytes !== undefined) throw new CannotStart('no quota');
  const server = await how(options);
  return { endpoint: endpointOf(server), byHand: server, root: server.root, stop: server.stop };
}
