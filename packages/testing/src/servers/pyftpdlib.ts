import { join } from 'node:path';
import { findTool } from './find-tool.js';
import { type FtpServerOptions, type FtpTestServer, startFtpServer } from './ftp-test-server.js';
import { writeServerFile } from './run-folder.js';

export interface PyftpdlibOptions extends FtpServerOptions {
  /** Lines of Python, run before the server starts; `Handler` is the class of sessions. */
  extraConfig?: readonly string[];
}

/**
 * Starts an FTPS server on pyftpdlib (Debian 12 has 1.5.7) with one user. It shows the user's folder as the top,
 * so `homePath` is empty. It resumes sessions but cannot require it. A cut-off upload looks complete to it.
 *
 * One method is ours: as it comes, pyftpdlib closes a data connection on which the client's TLS handshake arrives
 * before the command (curl and many others do that, RFC 4217 section 10 leaves it open).
 */
export function startPyftpdlib(options: PyftpdlibOptions = {}): Promise<FtpTestServer> {
  return startFtpServer(
    {
      kind: 'pyftpdlib',
      homePath: () => '',
      async prepare(setting) {
        const script = join(setting.folder, 'server.py');
        await writeServerFile(script, serverScript(options.extraConfig ?? []));
        await writeServerFile(join(setting.folder, 'setting.json'), JSON.stringify(setting));
        return { command: findTool('python3-pyftpdlib'), args: ['-u', '-W', 'ignore', script] };
      },
    },
    options,
  );
}

const serverScript = (extraConfig: readonly string[]) => `
import json, logging
from OpenSSL import SSL
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_DTPHandler, TLS_FTPHandler
from pyftpdlib.servers import FTPServer

setting = json.load(open('setting.json'))
logging.basicConfig(filename=setting['logFile'], level=logging.DEBUG)

class DataHandler(TLS_DTPHandler):
    def readable(self):
        return self._ssl_want_read or self._ssl_accepting or self.receive

class Handler(TLS_FTPHandler):
    dtp_handler = DataHandler
    certfile = setting['certificateFile']
    keyfile = setting['keyFile']
    tls_control_required = not setting['allowPlain']
    tls_data_required = not setting['allowPlain']
    if setting['idleTimeoutSeconds']:
        timeout = setting['idleTimeoutSeconds']
    auth_failed_timeout = 0
    passive_ports = range(setting['passivePorts']['first'], setting['passivePorts']['last'] + 1)
    authorizer = DummyAuthorizer()

    def handle(self):
        if setting['mode'] == 'implicit':
            self.secure_connection(self.ssl_context)
        else:
            super().handle()

    def handle_ssl_established(self):
        if setting['mode'] == 'implicit':
            super().handle()

Handler.authorizer.add_user(setting['user'], setting['password'], setting['root'], perm='elradfmwMT')
# Without an id of its own OpenSSL refuses to resume where client certificates may be asked for.
Handler.get_ssl_context().set_session_id(b'waybill')
if setting['requireClientCertificate']:
    Handler.ssl_context.load_verify_locations(setting['caFile'])
    Handler.ssl_context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT)
${extraConfig.join('\n')}
FTPServer((setting['host'], setting['port']), Handler).serve_forever()
`;
