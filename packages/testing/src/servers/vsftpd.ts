import { join } from 'node:path';
import { findTool } from './find-tool.js';
import { type FtpServerOptions, type FtpTestServer, startFtpServer } from './ftp-test-server.js';
import { makeServerFolder, writeServerFile } from './run-folder.js';

export interface VsftpdOptions extends FtpServerOptions {
  /** True when left out, as is vsftpd's default: a data connection with a TLS session of its own gets 522. */
  requireSessionReuse?: boolean;
  /** True: an upload must end with TLS close_notify, or it counts as failed. vsftpd's default is false. */
  strictTlsEnd?: boolean;
  /** Lines for vsftpd.conf such as `idle_session_timeout=5`; they win over ours. */
  extraConfig?: readonly string[];
}

/**
 * Starts vsftpd (Debian 12 has 3.0.3).
 *
 * Local users would need PAM files below /etc, so the one user is vsftpd's anonymous one, with everything allowed
 * and with a password: `secure_email_list_enable` takes only those in a file. It sees paths as they are on disk,
 * because vsftpd refuses to put an anonymous user into a writable root; `homePath` is its folder, which is also
 * where a login starts. Not there: MLSD, MLST, HASH, MFMT, and SITE CHMOD for this user.
 *
 * curl 7.88 with TLS 1.3 loses every third upload to it (426, curl issue 6149): use `--tls-max 1.2` there.
 */
export function startVsftpd(options: VsftpdOptions = {}): Promise<FtpTestServer> {
  return startFtpServer(
    {
      kind: 'vsftpd',
      user: 'ftp',
      async prepare(setting) {
        const file = (name: string) => join(setting.folder, name);
        await writeServerFile(file('passwords'), `${setting.password}\n`);
        await makeServerFolder(file('empty'));
        const config = [
          ...(setting.host === '::1'
            ? ['listen=NO', 'listen_ipv6=YES', 'listen_address6=::1']
            : ['listen=YES', 'listen_ipv6=NO', 'listen_address=127.0.0.1', 'pasv_address=127.0.0.1']),
          `listen_port=${setting.port}`,
          'background=NO',
          'run_as_launching_user=YES',
          'seccomp_sandbox=NO',
          'delay_failed_login=0',
          `secure_chroot_dir=${file('empty')}`,
          `pasv_min_port=${setting.passivePorts.first}`,
          `pasv_max_port=${setting.passivePorts.last}`,

          // Only its home folder counts, which must be there: no rights are changed.
          'ftp_username=daemon',
          'nopriv_user=daemon',
          'local_enable=NO',
          'anonymous_enable=YES',
          `anon_root=${setting.root}`,
          'secure_email_list_enable=YES',
          `email_password_file=${file('passwords')}`,
          'write_enable=YES',
          'anon_upload_enable=YES',
          'anon_mkdir_write_enable=YES',
          'anon_other_write_enable=YES',
          'anon_world_readable_only=NO',
          'anon_umask=022',

          'ssl_enable=YES',
          'allow_anon_ssl=YES',
          `force_anon_logins_ssl=${yesNo(!setting.allowPlain)}`,
          `force_anon_data_ssl=${yesNo(!setting.allowPlain)}`,
          `implicit_ssl=${yesNo(setting.mode === 'implicit')}`,
          `rsa_cert_file=${setting.certificateFile}`,
          `rsa_private_key_file=${setting.keyFile}`,
          'ssl_tlsv1=YES',
          'ssl_sslv2=NO',
          'ssl_sslv3=NO',
          'ssl_ciphers=HIGH',
          `require_ssl_reuse=${yesNo(options.requireSessionReuse ?? true)}`,
          `strict_ssl_read_eof=${yesNo(options.strictTlsEnd ?? false)}`,
          ...(setting.idleTimeoutSeconds === null
            ? []
            : [`idle_session_timeout=${setting.idleTimeoutSeconds}`]),
          ...(setting.requireClientCertificate
            ? ['require_cert=YES', 'validate_cert=YES', `ca_certs_file=${setting.caFile}`]
            : []),

          'xferlog_enable=YES',
          'log_ftp_protocol=YES',
          `vsftpd_log_file=${setting.logFile}`,
          ...(options.extraConfig ?? []),
        ];
        await writeServerFile(file('vsftpd.conf'), `${config.join('\n')}\n`);
        return { command: findTool('vsftpd'), args: [file('vsftpd.conf')] };
      },
    },
    options,
  );
}

function yesNo(value: boolean): string {
  return value ? 'YES' : 'NO';
}
