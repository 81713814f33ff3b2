import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTool, findToolFolder } from './find-tool.js';
import { type FtpServerOptions, type FtpTestServer, startFtpServer } from './ftp-test-server.js';
import { hashPassword } from './hash-password.js';
import { serverGid, serverUid, writeServerFile } from './run-folder.js';

export interface ProftpdOptions extends FtpServerOptions {
  /** True when left out, as is mod_tls's default. */
  requireSessionReuse?: boolean;
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

function findName(file: string, id: number): string {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((one) => one.split(':')[2] === String(id));
  if (line === undefined) throw new Error(`ProFTPD needs a name for the id ${id}, and ${file} has none`);
  return line.slice(0, line.indexOf(':'));
}
