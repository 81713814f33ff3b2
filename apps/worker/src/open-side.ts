/** Opens a session on an endpoint: the only place where a secret is in the clear. */
import type { Deviation } from '@waybill/contracts/exceptions.js';
import type { Side } from '@waybill/contracts/session-facts.js';
import { cutText } from '@waybill/contracts/text.js';
import type { Tx } from '@waybill/db/transaction.js';
import {
  type LoadedEndpoint,
  type LoadedServer,
  loadEndpoint,
  loadNetworkAllow,
} from '@waybill/domain/endpoints/load-endpoint.js';
import { Problem } from '@waybill/domain/problem.js';
import type { OpenEndpoint } from '@waybill/transports/endpoint.js';
import type { OpenContext } from '@waybill/transports/open-transport.js';
import { openTransport } from '@waybill/transports/open-transport.js';
import { TransportError } from '@waybill/transports/transport-error.js';
import type { SessionRecord, Transport } from '@waybill/transports/transport.js';
import type { SecretBinding } from '@waybill/vault/binding.js';
import { CannotOpenError } from '@waybill/vault/open.js';
import type { Secret } from '@waybill/vault/secret.js';
import type { Worker } from './worker.js';

export interface OpenSideRequest {
  endpointId: string;
  side: Side;
  signal: AbortSignal;
  onStep?: OpenContext['onStep'];
  slotWaitMs?: OpenContext['slotWaitMs'] | undefined;
}

/**
 * Loads the endpoint as it is now and opens a session on it.
 * @throws TransportError, also where the endpoint is gone, not complete, or its password cannot be opened
 */
export async function openSide(worker: Worker, request: OpenSideRequest): Promise<Transport> {
  const loaded = await loadOrExplain(worker.database, request.endpointId);
  const endpoint = await openEndpoint(worker, loaded).catch((error: unknown) => {
    // So that the attempt tells at which end it ended, although nothing was dialled.
    if (error instanceof TransportError) error.record ??= recordOf(loaded, request.side, error);
    throw error;
  });
  const networkAllow = await loadNetworkAllow(worker.database);
  const { side, signal, onStep, slotWaitMs } = request;
  return openTransport(endpoint, {
    networkAllow,
    signal,
    side,
    ...(onStep && { onStep }),
    ...(slotWaitMs !== undefined && { slotWaitMs }),
  });
}

function recordOf(
  { protocol }: LoadedEndpoint,
  side: Side,
  { step, message }: TransportError,
): SessionRecord {
  const connection = { side, protocol, address: null, serverName: null, greeting: null };
  const at = new Date().toISOString();
  const detail = cutText(message, 500);
  return {
    connection: { ...connection, control: null, data: null },
    timeline: [{ step, side, startedAt: at, durationMs: 0, outcome: 'failed', detail }],
    dialogue: [],
  };
}

/** The endpoint with its secrets opened. */
async function openEndpoint(worker: Worker, loaded: LoadedEndpoint): Promise<OpenEndpoint> {
  if (loaded.protocol === 'local_folder') {
    const root = worker.config.localRoots.get(loaded.rootName);
    if (root !== undefined) return { ...loaded, root };
    throw new TransportError(
      'not_found',
      'connect',
      `The local root ${loaded.rootName} is not configured on this worker. Add it to WAYBILL_LOCAL_ROOTS.`,
    );
  }
  refuseDeviations(loaded);
  const {
    seal,
    clientCertificate,
    proxyLogin,
    notPermitted: _none,
    permittedUntil: _past,
    ...server
  } = loaded;
  const open = (secret: Sealed, whose: string) => openSealed(worker, secret, `${whose} ${loaded.name}`);
  return {
    ...server,
    password: await open(seal, 'No password is stored for'),
    ...(clientCertificate && {
      clientCertificate: {
        certificatePem: clientCertificate.certificatePem,
        keyPem: await open(clientCertificate.key, 'No private key is stored for'),
      },
    }),
    ...(proxyLogin && {
      proxyLogin: {
        username: proxyLogin.username,
        password: await open(proxyLogin.seal, 'No password is stored for the proxy of'),
      },
    }),
  };
}

type Sealed = { sealed: Uint8Array; binding: SecretBinding } | null;

/** @param missing what to say where there is none: "No password is stored for Bank" */
async function openSealed(worker: Worker, secret: Sealed, missing: string): Promise<Secret> {
  if (secret === null)
    throw new TransportError(
      'secret_unavailable',
      'login',
      `${missing} as it is set up now. Enter it again.`,
    );
  try {
    return await worker.openSecret(secret.sealed, secret.binding);
  } catch (error) {
    if (!(error instanceof CannotOpenError)) throw error;
    throw new TransportError('secret_unavailable', 'login', error.message, { cause: error });
  }
}

/** What nobody has approved is not done, nor tried. */
function refuseDeviations({ name, notPermitted, permittedUntil }: LoadedServer): void {
  if (notPermitted.length === 0) return;
  const deviations = notPermitted.map((kind) => DEVIATION_WORDS[kind]).join(', and ');
  throw new TransportError(
    'exception_needed',
    'connect',
    `${name} ${deviations}, ${
      permittedUntil === null
        ? 'and no exception in force permits that. Nothing was sent. Change the endpoint, or ask for an exception and have it approved.'
        : `and its exception expired on ${inMinutes(permittedUntil)}. Nothing was sent. Ask for another exception and have it approved, or change the endpoint.`
    }`,
  );
}

/** "2026-11-21, 14:05 UTC". */
const inMinutes = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ', ')} UTC`;

const DEVIATION_WORDS: Record<Deviation, string> = {
  plain_ftp: 'speaks plain FTP, without any encryption',
  clear_data: 'sends files in the clear (PROT C)',
  no_verification: 'does not compare what was written',
};

async function loadOrExplain(tx: Tx, endpointId: string): Promise<LoadedEndpoint> {
  try {
    return await loadEndpoint(tx, endpointId);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const kind = error.code === 'not_found' ? 'not_found' : 'secret_unavailable';
    throw new TransportError(kind, 'resolve', error.message, { cause: error });
  }
}
