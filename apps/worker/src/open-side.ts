/** Opens a session on an endpoint: the only place where a password is in the clear. */
import type { Side } from '@waybill/contracts/session-facts.js';
import type { Tx } from '@waybill/db/transaction.js';
import {
  type LoadedEndpoint,
  loadEndpoint,
  loadNetworkAllow,
} from '@waybill/domain/endpoints/load-endpoint.js';
import { Problem } from '@waybill/domain/problem.js';
import type { OpenEndpoint } from '@waybill/transports/endpoint.js';
import type { OpenContext } from '@waybill/transports/open-transport.js';
import { openTransport } from '@waybill/transports/open-transport.js';
import { TransportError } from '@waybill/transports/transport-error.js';
import type { Transport } from '@waybill/transports/transport.js';
import { CannotOpenError } from '@waybill/vault/open.js';
import type { Worker } from './worker.js';

export interface OpenSideRequest {
  endpointId: string;
  side: Side;
  signal: AbortSignal;
  onStep?: OpenContext['onStep'];
}

/**
 * Loads the endpoint as it is now and opens a session on it.
 * @throws TransportError, also where the endpoint is gone, not complete, or its password cannot be opened
 */
export async function openSide(worker: Worker, request: OpenSideRequest): Promise<Transport> {
  const endpoint = await loadOpenEndpoint(worker, request.endpointId);
  const networkAllow = await loadNetworkAllow(worker.database);
  const { side, signal, onStep } = request;
  return openTransport(endpoint, { networkAllow, signal, side, ...(onStep && { onStep }) });
}

async function loadOpenEndpoint(worker: Worker, endpointId: string): Promise<OpenEndpoint> {
  const loaded = await loadOrExplain(worker.database, endpointId);
  if (loaded.protocol === 'local_folder') {
    const root = worker.config.localRoots.get(loaded.rootName);
    if (root !== undefined) return { ...loaded, root };
    throw new TransportError(
      'not_found',
      'connect',
      `The local root ${loaded.rootName} is not configured on this worker. Add it to WAYBILL_LOCAL_ROOTS.`,
    );
  }
  const { seal, ...server } = loaded;
  if (seal === null)
    throw new TransportError(
      'secret_unavailable',
      'login',
      `No password is stored for ${loaded.name} as it is set up now. Enter it again.`,
    );
  try {
    return { ...server, password: await worker.openSecret(seal.sealed, seal.binding) };
  } catch (error) {
    if (!(error instanceof CannotOpenError)) throw error;
    throw new TransportError('secret_unavailable', 'login', error.message, { cause: error });
  }
}

async function loadOrExplain(tx: Tx, endpointId: string): Promise<LoadedEndpoint> {
  try {
    return await loadEndpoint(tx, endpointId);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const kind = error.code === 'not_found' ? 'not_found' : 'secret_unavailable';
    throw new TransportError(kind, 'resolve', error.message, { cause: error });
  }
}
