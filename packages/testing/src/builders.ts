/**
 * Real rows for tests, made by the rules themselves: each builder fills in what a test does not care about and
 * opens its own transaction. Names are unique, so a test may ask as often as it likes.
 */
import type { Endpoint, ServerProtocol } from '@waybill/contracts/endpoints.js';
import type { FtpsSettingsInput } from '@waybill/contracts/ftps-settings.js';
import type { Partner, PartnerCreate } from '@waybill/contracts/partners.js';
import type { Role } from '@waybill/contracts/permissions.js';
import { ROLE_PERMISSIONS } from '@waybill/contracts/permissions.js';
import type { Route, RouteCreate } from '@waybill/contracts/routes.js';
import type { Schedule, ScheduleCreate } from '@waybill/contracts/schedules.js';
import type { TrustPolicy } from '@waybill/contracts/trust.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import type { Actor } from '@waybill/domain/actor.js';
import { createEndpoint } from '@waybill/domain/endpoints/endpoints.js';
import { newId } from '@waybill/domain/new-id.js';
import { createPartner } from '@waybill/domain/partners/partners.js';
import { createRoute } from '@waybill/domain/routes/routes.js';
import { createSchedule } from '@waybill/domain/schedules/schedules.js';
import { type VaultKeyPair, makeVaultKeyPair } from '@waybill/vault/keys.js';
import { type Seal, sealWith } from '@waybill/vault/seal.js';

/** The one local root that test endpoints may use; a worker under test maps it to a folder. */
export const TEST_ROOT = 'files';

let made = 0;
const unique = (what: string): string => `${what} ${(made += 1)}`;

let keys: Promise<VaultKeyPair> | undefined;

/** The vault's keys of this test file; a worker under test opens with the private one. */
export function testVaultKeys(): Promise<VaultKeyPair> {
  return (keys ??= makeVaultKeyPair());
}

/** Seals for `testVaultKeys`. */
export async function testSeal(): Promise<Seal> {
  return sealWith((await testVaultKeys()).publicKey);
}

/** A person with a role. There is no row behind it. */
export function anActor(role: Role = 'operator'): Actor {
  return {
    kind: 'user',
    id: newId(),
    name: `${role}@example.com`,
    role,
    permissions: ROLE_PERMISSIONS[role],
    sessionId: newId(),
    originIp: '192.0.2.10',
    requestId: newId(),
  };
}

export function aPartner(database: Database, input: Partial<PartnerCreate> = {}): Promise<Partner> {
  return inTransaction(database, (tx) => createPartner(tx, anActor(), { name: unique('Partner'), ...input }));
}

export interface ServerInput {
  name?: string;
  partnerId?: string | null;
  protocol?: ServerProtocol;
  host?: string;
  port?: number;
  trust?: TrustPolicy;
  basePath?: string;
  username?: string;
  password?: string;
  connectTimeoutMs?: number;
  idleTimeoutMs?: number;
  settings?: FtpsSettingsInput;
  clientCertificateId?: string;
  proxyUsername?: string;
  proxyPassword?: string;
}

/** An FTPS server with a credential of its own; by default one that nobody dials. */
export async function anEndpoint(database: Database, input: ServerInput = {}): Promise<Endpoint> {
  const means = { seal: await testSeal(), localRoots: [TEST_ROOT] };
  return inTransaction(database, (tx) =>
    createEndpoint(
      tx,
      anActor(),
      {
        name: unique('Endpoint'),
        protocol: 'ftps_explicit',
        host: 'ftp.partner.invalid',
        trust: { mode: 'system_cas' },
        username: 'waybill',
        password: 'test-password',
        ...input,
      },
      means,
    ),
  );
}

export interface FolderInput {
  name?: string;
  partnerId?: string | null;
  rootName?: string;
  basePath?: string;
}

/** A folder of ours. */
export async function aLocalFolder(database: Database, input: FolderInput = {}): Promise<Endpoint> {
  const rootName = input.rootName ?? TEST_ROOT;
  const means = { seal: await testSeal(), localRoots: [rootName] };
  return inTransaction(database, (tx) =>
    createEndpoint(
      tx,
      anActor(),
      { name: unique('Folder'), protocol: 'local_folder', ...input, rootName },
      means,
    ),
  );
}

/** A route from a local folder to a server, unless told otherwise. */
export async function aRoute(database: Database, input: Partial<RouteCreate> = {}): Promise<Route> {
  const sourceEndpointId = input.sourceEndpointId ?? (await aLocalFolder(database)).id;
  const targetEndpointId = input.targetEndpointId ?? (await anEndpoint(database)).id;
  return inTransaction(database, (tx) =>
    createRoute(tx, anActor(), {
      name: unique('Route'),
      sourcePath: '/out',
      targetPath: '/in',
      ...input,
      sourceEndpointId,
      targetEndpointId,
    }),
  );
}

export async function aSchedule(database: Database, input: Partial<ScheduleCreate> = {}): Promise<Schedule> {
  const routeId = input.routeId ?? (await aRoute(database)).id;
  return inTransaction(database, (tx) =>
    createSchedule(tx, anActor(), {
      name: unique('Schedule'),
      cron: '0 6 * * *',
      timeZone: 'Europe/Zurich',
      ...input,
      routeId,
    }),
  );
}
