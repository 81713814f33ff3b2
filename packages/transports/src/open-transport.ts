/** The only switch on protocol. */
import type { OpenEndpoint } from './endpoint.js';
import type { OpenContext } from './ftps/ftps-session.js';
import { openFtps } from './ftps/open-ftps.js';
import { openLocalFolder } from './local.js';
import type { Transport } from './transport.js';

export type { OpenContext } from './ftps/ftps-session.js';

/**
 * Opens a session on an endpoint. `context.signal` ends the session at once for as long as it lives.
 * @throws TransportError with `record`: the steps and the dialogue up to the failure
 */
export function openTransport(endpoint: OpenEndpoint, context: OpenContext): Promise<Transport> {
  switch (endpoint.protocol) {
    case 'ftps_explicit':
    case 'ftps_implicit':
    case 'ftps_implicit_zos':
    case 'ftp':
      return openFtps(endpoint, context);
    case 'local_folder':
      return openLocalFolder(endpoint, context);
  }
}
