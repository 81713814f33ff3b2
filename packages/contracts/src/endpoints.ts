import { z } from 'zod';
import { ftpsSettings, ftpsSettingsInput } from './ftps-settings.js';
import { password, username } from './credentials.js';
import { standingDeviation } from './exceptions.js';
import { pageOf, pageQuery } from './paging.js';
import { connectionFacts, dialogueLine, timelineStep } from './session-facts.js';
import { folderPath, host, id, instant, name, port } from './text.js';
import { trustMode, trustPolicy } from './trust.js';
import { whoActs } from './who-acts.js';

export const endpointProtocol = z.enum([
  'ftps_explicit',
  'ftps_implicit',
  'ftps_implicit_zos',
  'ftp',
  'local_folder',
]);
export type EndpointProtocol = z.infer<typeof endpointProtocol>;
/** Those of a server. */
export const serverProtocol = z
  .enum(['ftps_explicit', 'ftps_implicit', 'ftps_implicit_zos', 'ftp'])
  .describe(
    'ftps_explicit: AUTH TLS. ftps_implicit: TLS from the first byte. ftps_implicit_zos: TLS right after a greeting in the ' +
      'clear, as z/OS does with SECUREIMPLICITZOS. ftp: no encryption at all; works only under an exception.',
  );
export type ServerProtocol = z.infer<typeof serverProtocol>;
export const tlsVersion = z.enum(['TLSv1.2', 'TLSv1.3']);
export type TlsVersion = z.infer<typeof tlsVersion>;

const timeoutMs = z.number().int().min(1000).max(600_000);

const common = { name, partnerId: id.nullable().optional(), basePath: folderPath.optional() };
const server = {
  host,
  port: port.optional().describe('21 for explicit and plain, 990 for implicit unless told.'),
  trust: trustPolicy,
  tlsMinVersion: tlsVersion.optional().describe('The oldest TLS that is accepted; TLS 1.2 unless told.'),
  connectTimeoutMs: timeoutMs
    .optional()
    .describe('How long the server may take to answer at first; 20 s unless told.'),
  idleTimeoutMs: timeoutMs
    .optional()
    .describe(
      'How long a command may stay unanswered; 60 s unless told. To confirm a transfer the server has twice that, and 120 s at least; to hash a file, 30 minutes.',
    ),
  settings: ftpsSettingsInput
    .optional()
    .describe('How Waybill speaks with the server; what is left out stays as it is, or as its default.'),
  credentialId: id.optional().describe('An existing credential; or give username and password.'),
  username: username.optional().describe('With password: makes a credential of its own for the endpoint.'),
  password: password
    .optional()
    .describe('Sealed for this host and trust policy. Needed again when one of them changes.'),
  clientCertificateId: id
    .nullable()
    .optional()
    .describe('A certificate of ours (kind client) that is shown to a server which asks for one.'),
  proxyCredentialId: id
    .nullable()
    .optional()
    .describe(
      'An existing credential for the proxy; or give proxyUsername and proxyPassword. Null: no login.',
    ),
  proxyUsername: username
    .optional()
    .describe('With proxyPassword: makes a credential for the proxy of settings.proxy.'),
  proxyPassword: password
    .optional()
    .describe('Sealed for the host of the proxy. Needed again when that changes.'),
};

export const endpointCreate = z
  .discriminatedUnion('protocol', [
    z.object({ protocol: serverProtocol, ...common, ...server }),
    z.object({
      protocol: z.literal('local_folder'),
      ...common,
      rootName: name.describe('Which of the configured local roots.'),
    }),
  ])
  .meta({ id: 'EndpointCreate' });
export type EndpointCreate = z.infer<typeof endpointCreate>;

/** Every field may be left out; a server stays a server, a folder a folder. */
export const endpointUpdate = z
  .object({
    ...common,
    ...server,
    protocol: serverProtocol,
    rootName: name,
  })
  .partial()
  .meta({ id: 'EndpointUpdate' });
export type EndpointUpdate = z.infer<typeof endpointUpdate>;

export const endpoint = z
  .object({
    id,
    name: z.string(),
    partner: z.object({ id, name: z.string() }).nullable(),
    protocol: endpointProtocol,
    host: z.string().nullable(),
    port: z.number().int().nullable(),
    rootName: z.string().nullable(),
    basePath: z.string(),
    trust: z
      .object({ mode: trustMode, certificateIds: z.array(id), serverName: z.string().nullable() })
      .nullable(),
    tlsMinVersion: tlsVersion.nullable(),
    credential: z.object({ id, name: z.string(), username: z.string() }).nullable(),
    hasPassword: z.boolean().describe('Whether a password is sealed for this host and trust policy.'),
    clientCertificate: z.object({ id, name: z.string() }).nullable(),
    proxyCredential: z.object({ id, name: z.string(), username: z.string() }).nullable(),
    hasProxyPassword: z.boolean().describe('Whether a password is sealed for this proxy.'),
    connectTimeoutMs: z.number().int(),
    idleTimeoutMs: z.number().int(),
    settings: ftpsSettings.nullable().describe('Null for a local folder.'),
    deviations: z
      .array(standingDeviation)
      .describe('What weakens protection or proof; works only while an exception covers it.'),
    heldAt: instant.nullable(),
    heldReason: z.string().nullable(),
    heldKind: z.string().nullable().describe('The kind of failure that put it on hold.'),
    routeCount: z.number().int(),
    lastTest: z
      .object({
        id,
        state: z.string(),
        finishedAt: instant.nullable(),
        isOutdated: z
          .boolean()
          .describe('Whether the endpoint or its password was changed after the test was asked for.'),
      })
      .nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Endpoint' });
export type Endpoint = z.infer<typeof endpoint>;
export const endpointPage = pageOf(endpoint, 'EndpointPage');
export const endpointQuery = pageQuery.extend({
  search: z.string().trim().max(100).optional().describe('Part of name or host.'),
  partnerId: id.optional(),
  protocol: endpointProtocol.optional(),
  held: z.enum(['true', 'false']).optional(),
  deviating: z
    .enum(['true'])
    .optional()
    .describe('Only those that deviate from what is required, covered by an exception or not.'),
});
export type EndpointQuery = z.infer<typeof endpointQuery>;

/** A connection test: made by the API, answered by a worker, readable while it runs. */
export const endpointTest = z
  .object({
    id,
    endpointId: id,
    state: z.enum(['queued', 'running', 'passed', 'failed']),
    steps: z.array(timelineStep),
    connection: connectionFacts.nullable(),
    dialogue: z.array(dialogueLine),
    entryCount: z.number().int().nullable().describe('How many entries the base folder has.'),
    failureKind: z.string().nullable(),
    failureText: z.string().nullable(),
    whoActs,
    requestedBy: z.string(),
    createdAt: instant,
    finishedAt: instant.nullable(),
  })
  .meta({ id: 'EndpointTest' });
export type EndpointTest = z.infer<typeof endpointTest>;
export const endpointTestPage = pageOf(endpointTest, 'EndpointTestPage');
export const endpointTestQuery = pageQuery;

export const localRoots = z
  .object({ items: z.array(z.object({ name: z.string() })) })
  .meta({ id: 'LocalRoots' });
