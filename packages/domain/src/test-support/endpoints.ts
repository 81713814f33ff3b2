/** A database with endpoints in it, what a person does with them, and what a worker would send to their servers. */
import type { EndpointCreate, EndpointUpdate } from '@waybill/contracts/endpoints.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { TEST_ROOT, anActor, testSeal, testVaultKeys } from '@waybill/testing/builders.js';
import { testDatabase } from '@waybill/testing/database.js';
import { openWith } from '@waybill/vault/open.js';
import {
  type EndpointMeans,
  createEndpoint,
  deleteEndpoint,
  updateEndpoint,
} from '../endpoints/endpoints.js';
import { type LoadedServer, loadEndpoint } from '../endpoints/load-endpoint.js';
import { importCertificate } from '../trust/certificates.js';
import { eventsIn } from './events-in.js';

/** What a person enters for an FTPS server, without a password. */
export const server = (
  name: string,
  change: Partial<Exclude<EndpointCreate, { protocol: 'local_folder' }>> = {},
) => ({
  protocol: 'ftps_explicit' as const,
  name,
  host: 'ftp.bank.example',
  trust: { mode: 'system_cas' as const },
  ...change,
});

export async function openEndpoints() {
  const database = await testDatabase();
  const actor = anActor();
  const means: EndpointMeans = { seal: await testSeal(), localRoots: [TEST_ROOT] };
  const open = await openWith((await testVaultKeys()).privateKey);
  const create = (input: EndpointCreate) =>
    inTransaction(database.app, (tx) => createEndpoint(tx, actor, input, means));
  const update = (id: string, change: EndpointUpdate) =>
    inTransaction(database.app, (tx) => updateEndpoint(tx, actor, { id, change }, means));
  const remove = (id: string) => inTransaction(database.app, (tx) => deleteEndpoint(tx, actor, { id }));
  const aPin = (name: string, digit: string) =>
    inTransaction(database.app, (tx) =>
      importCertificate(tx, actor, { name, kind: 'pinned_key', spkiSha256: digit.repeat(64) }),
    );

  /** The password that a worker would send to the server of the endpoint, or null where no seal fits. */
  async function passwordFor(endpointId: string): Promise<string | null> {
    const loaded = (await loadEndpoint(database.worker, endpointId)) as LoadedServer;
    if (loaded.seal === null) return null;
    return (await open(loaded.seal.sealed, loaded.seal.binding)).reveal();
  }

  return { database, actor, means, create, update, remove, aPin, open, passwordFor, ...eventsIn(database) };
}
