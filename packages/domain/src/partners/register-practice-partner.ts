/**
 * Makes the practice partner known: a partner, its CA, an explicit and an implicit endpoint, a local folder and
 * two routes, so that the first transfer is one click away. Done once for an installation: what people change or
 * delete afterwards stays as they left it.
 */
import { practiceRegistration } from '@waybill/contracts/partners.js';
import type { Tx } from '@waybill/db/transaction.js';
import type { Actor } from '../actor.js';
import { type EndpointMeans, createEndpoint, updateEndpoint } from '../endpoints/endpoints.js';
import { createNetworkAllow } from '../network/network-allows.js';
import { createRoute } from '../routes/routes.js';
import { importCertificate } from '../trust/certificates.js';
import { createPartner } from './partners.js';

export interface PracticeAddress {
  host: string;
  explicitPort: number;
  implicitPort: number;
  passivePorts: { from: number; to: number };
  user: string;
  password: string;
  /** PEM of the CA to trust. */
  caPem: string;
  /** Which local root holds the sample files, and the folder in it that has `outbox` and `inbox`. */
  rootName: string;
  localFolder: string;
}

const KEY = 'practice_partner';
const NAME = 'Practice partner';
const NOTE = 'practice partner';

/**
 * Registers it at the first start; later only follows its ports.
 *
 * Events partner.created, certificate.imported, network_allow.created, credential.created, endpoint.created,
 *   route.created; endpoint.updated where a port has moved
 */
export async function registerPracticePartner(
  tx: Tx,
  actor: Actor,
  address: PracticeAddress,
  means: EndpointMeans,
): Promise<void> {
  const setting = await tx.setting.findUnique({ where: { key: KEY } });
  if (setting !== null) {
    const { explicitId, implicitId } = practiceRegistration.parse(setting.value);
    return followPorts(tx, actor, { explicitId, implicitId, address }, means);
  }
  await allowPorts(tx, actor, address);

  const partner = await createPartner(tx, actor, {
    name: NAME,
    description: 'An FTPS server that comes with Waybill, on this machine, to try transfers against.',
    tags: ['practice'],
  });
  const ca = await importCertificate(tx, actor, {
    name: `${NAME} CA`,
    partnerId: partner.id,
    kind: 'ca',
    pem: address.caPem,
  });
  const server = {
    partnerId: partner.id,
    host: address.host,
    trust: { mode: 'chosen_cas' as const, certificateIds: [ca.id] },
  };
  const explicit = await createEndpoint(
    tx,
    actor,
    {
      ...server,
      protocol: 'ftps_explicit',
      name: `${NAME}, explicit`,
      port: address.explicitPort,
      username: address.user,
      password: address.password,
    },
    means,
  );
  const implicit = await createEndpoint(
    tx,
    actor,
    {
      ...server,
      protocol: 'ftps_implicit',
      name: `${NAME}, implicit`,
      port: address.implicitPort,
      credentialId: explicit.credential?.id,
    },
    means,
  );
  const local = await createEndpoint(
    tx,
    actor,
    {
      protocol: 'local_folder',
      name: 'Practice folder on this machine',
      rootName: address.rootName,
      basePath: address.localFolder,
    },
    means,
  );
  await createRoute(tx, actor, {
    name: 'Send to the practice partner',
    partnerId: partner.id,
    sourceEndpointId: local.id,
    sourcePath: '/outbox',
    targetEndpointId: explicit.id,
    targetPath: '/inbox',
  });
  await createRoute(tx, actor, {
    name: 'Collect from the practice partner',
    partnerId: partner.id,
    sourceEndpointId: implicit.id,
    sourcePath: '/outbox',
    targetEndpointId: local.id,
    targetPath: '/inbox',
  });
  await tx.setting.create({
    data: { key: KEY, value: { explicitId: explicit.id, implicitId: implicit.id } },
  });
}

/** It listens on loopback, which nothing else may reach: it gets exactly its own ports. */
async function allowPorts(tx: Tx, actor: Actor, address: PracticeAddress): Promise<void> {
  const ranges = [
    { fromPort: address.explicitPort, toPort: address.explicitPort },
    { fromPort: address.implicitPort, toPort: address.implicitPort },
    { fromPort: address.passivePorts.from, toPort: address.passivePorts.to },
  ].map((range) => ({ ...range, cidr: `${address.host}/32` }));
  for (const range of ranges) {
    if ((await tx.networkAllow.count({ where: range })) === 0)
      await createNetworkAllow(tx, actor, { ...range, note: NOTE });
  }
}

async function followPorts(
  tx: Tx,
  actor: Actor,
  input: { explicitId: string; implicitId: string; address: PracticeAddress },
  means: EndpointMeans,
): Promise<void> {
  const ports = [
    { id: input.explicitId, port: input.address.explicitPort },
    { id: input.implicitId, port: input.address.implicitPort },
  ];
  for (const { id, port } of ports) {
    const moved = await tx.endpoint.count({ where: { id, host: input.address.host, port: { not: port } } });
    if (moved === 0) continue;
    await updateEndpoint(tx, actor, { id, change: { port } }, means);
    await allowPorts(tx, actor, input.address);
  }
}
