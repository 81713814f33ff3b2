import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findTool, findToolFolder } from './find-tool.js';
import {
  type FtpServerOptions,
  type FtpServerSetting,
  type FtpTestServer,
  startFtpServer,
} from './ftp-test-server.js';
import { hashPassword } from './hash-password.js';
import { serverGid, serverUid, writeServerFile } from './run-folder.js';

const runFile = promisify(execFile);

export interface ProftpdOptions extends FtpServerOptions {
  /** True when left out, as is mod_tls's default. */
  requireSessionReuse?: boolean;
  /** The user may upload so many MiB. */
  quotaMib?: number;
  /** Directives such as `TimeoutIdle 5`; they come last. */
  extraConfig?: readonly string[];
}

/**
 * Starts ProFTPD with mod_tls (Debian 12 has 1.3.8).
 *
 * Its one user is in a file of its own. Without root there is no chroot, so paths are as they are on disk;
 * `homePath` is the user's folder, which is also where a login starts. It has MLSD, MFMT and, where mod_digest
 * is installed, HASH.
 */
export function startProftpd(options: ProftpdOptions = {}): Promise<FtpTestServer> {
  return startFtpServer(
    {
      kind: 'proftpd',
      async prepare(setting) {
        const file = (name: string) => join(setting.folder, name);
        const hash = await hashPassword(setting.password);
        const account = [setting.user, hash, serverUid, serverGid, '', setting.root, '/bin/false'];
        await writeServerFile(file('passwd'), `${account.join(':')}\n`);
        const tlsOptions = [
          ...(setting.mode === 'implicit' ? ['UseImplicitSSL'] : []),
          ...(options.requireSessionReuse === false ? ['NoSessionReuseRequired'] : []),
        ];
        const config = [
          `ModulePath ${findToolFolder('proftpd', 'usr/lib/proftpd')}`,
          'LoadModule mod_tls.c',
          'LoadModule mod_digest.c',
          'ServerType standalone',
          `DefaultAddress ${setting.host}`,
          // Without it the server listens on 0.0.0.0 whatever the address.
          'SocketBindTight on',
          `Port ${setting.port}`,
          `UseIPv6 ${setting.host === '::1' ? 'on' : 'off'}`,
          // Names only: without them it tries to become root.
          `User ${findName('/etc/passwd', serverUid)}`,
          `Group ${findName('/etc/group', serverGid)}`,
          `PidFile ${file('pid')}`,
          `ScoreboardFile ${file('scoreboard')}`,
          'ControlsEngine off',
          'CapabilitiesEngine off',
          'DelayEngine off',
          'UseReverseDNS off',
          'WtmpLog off',
          `SystemLog ${setting.logFile}`,
          `TransferLog ${file('transfers.log')}`,
          `PassivePorts ${setting.passivePorts.first} ${setting.passivePorts.last}`,

          'AuthPAM off',
          `AuthUserFile ${file('passwd')}`,
          'AuthOrder mod_auth_file.c',
          'RequireValidShell off',
          'AllowOverwrite on',
          'AllowStoreRestart on',
          'AllowRetrieveRestart on',

          'TLSEngine on',
          `TLSRequired ${setting.allowPlain ? 'off' : 'on'}`,
          `TLSProtocol ${setting.tlsVersions.join(' ')}`,
          `TLSRSACertificateFile ${setting.certificateFile}`,
          `TLSRSACertificateKeyFile ${setting.keyFile}`,
          `TLSCACertificateFile ${setting.caFile}`,
          `TLSLog ${file('tls.log')}`,
          ...(tlsOptions.length > 0 ? [`TLSOptions ${tlsOptions.join(' ')}`] : []),
          ...(options.quotaMib === undefined ? [] : await quotaDirectives(setting, options.quotaMib)),
          ...(setting.requireClientCertificate ? ['TLSVerifyClient on'] : []),
          ...(setting.idleTimeoutSeconds === null
            ? []
            : [
                `TimeoutIdle ${setting.idleTimeoutSeconds}`,
                `TimeoutNoTransfer ${setting.idleTimeoutSeconds}`,
              ]),
          ...(options.extraConfig ?? []),
        ];
        await writeServerFile(file('proftpd.conf'), `${config.join('\n')}\n`);
        return { command: findTool('proftpd'), args: ['-n', '-c', file('proftpd.conf')] };
      },
    },
    options,
  );
}

/** Directives for mod_quotatab, whose tables are files that its own tool makes. */
async function quotaDirectives({ folder, user }: FtpServerSetting, quotaMib: number): Promise<string[]> {
  const tool = join(findToolFolder('proftpd', 'usr/sbin'), 'ftpquota');
  const [limit, tally] = [join(folder, 'limit.tab'), join(folder, 'tally.tab')];
  const make = (...args: string[]) => runFile('perl', [tool, ...args]);
  await make('--create-table', '--type=limit', `--table-path=${limit}`);
  await make('--create-table', '--type=tally', `--table-path=${tally}`);
  const record = ['--add-record', '--type=limit', `--table-path=${limit}`, `--name=${user}`];
  await make(...record, '--quota-type=user', '--limit-type=hard', `--bytes-upload=${quotaMib}`, '--units=Mb');
  for (const table of [limit, tally]) await chown(table, serverUid, serverGid);
  return [
    'LoadModule mod_quotatab.c',
    'LoadModule mod_quotatab_file.c',
    'QuotaEngine on',
    `QuotaLimitTable file:${limit}`,
    `QuotaTallyTable file:${tally}`,
  ];
}

function findName(file: string, id: number): string {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((one) => one.split(':')[2] === String(id));
  if (line === undefined) throw new Error(`ProFTPD needs a name for the id ${id}, and ${file} has none`);
  return line.slice(0, line.indexOf(':'));
}
