import type { UseFormReturnType } from '@mantine/form';
import { faultsOf } from '@waybill/contracts/endpoint-faults.js';
import type { Endpoint, EndpointCreate, EndpointUpdate } from '@waybill/contracts/endpoints.js';
import { orUndefined, type FieldError } from '../form.js';
import { missingInTrust } from '../trust-choice.js';
import { DEFAULT_TUNING, FIELD_GROUPS, inWords, type Tuning } from './setting-fields.js';
import {
  BESIDE,
  type ProxyValue,
  outOfRange,
  settingValuesOf,
  tuningBody,
  tuningOf,
} from './setting-values.js';

/** All that the groups hold, of a stored endpoint or as it is at first. */
export function tuningFrom(endpoint: Endpoint | null): Tuning {
  if (endpoint === null || endpoint.settings === null) return DEFAULT_TUNING;
  const { settings, connectTimeoutMs, idleTimeoutMs } = endpoint;
  return {
    ...settings,
    tlsMinVersion: endpoint.tlsMinVersion ?? DEFAULT_TUNING.tlsMinVersion,
    connectTimeoutMs,
    idleTimeoutMs,
  };
}

/** The fields of the form; numbers may be empty text while one types. */
export function valuesOf(endpoint: Endpoint | null, partnerId: string | null) {
  return {
    name: endpoint?.name ?? '',
    partnerId: endpoint === null ? partnerId : (endpoint.partner?.id ?? null),
    protocol: endpoint?.protocol ?? ('ftps_explicit' as const),
    basePath: endpoint?.basePath ?? '/',
    rootName: endpoint?.rootName ?? null,
    host: endpoint?.host ?? '',
    port: (endpoint?.port ?? '') as number | string,
    login: 'own' as 'own' | 'existing',
    credentialId: endpoint?.credential?.id ?? null,
    username: endpoint?.credential?.username ?? '',
    password: '',
    trust: {
      mode: endpoint?.trust?.mode ?? ('system_cas' as const),
      certificateIds: endpoint?.trust?.certificateIds ?? [],
      serverName: endpoint?.trust?.serverName ?? '',
    },
    settings: settingValuesOf(tuningFrom(endpoint)),
    clientCertificateId: endpoint?.clientCertificate?.id ?? null,
    proxyLogin: (endpoint?.proxyCredential ? 'own' : 'none') as 'none' | 'own' | 'existing',
    proxyCredentialId: endpoint?.proxyCredential?.id ?? null,
    proxyUsername: endpoint?.proxyCredential?.username ?? '',
    proxyPassword: '',
  };
}
export type EndpointValues = ReturnType<typeof valuesOf>;
export type EndpointForm = UseFormReturnType<EndpointValues>;

export type EndpointBody = EndpointCreate | EndpointUpdate;

/** The field for a path of the body: those of the groups are together, and an entry of a list is its list. */
export const fieldOf = (path: string): string =>
  (BESIDE.has(path) ? `settings.${path}` : path).replace(/\.\d+$/, '');

/** What a login and a trust need, which the API asks for one after the other. */
export function missingIn(values: EndpointValues, isNew: boolean): FieldError[] {
  const { protocol, login, username, password, credentialId, trust } = values;
  if (protocol === 'local_folder') return [];
  const { proxyLogin, proxyCredentialId, proxyUsername } = values;
  const hasProxy = (values.settings.proxy as ProxyValue).kind !== 'none';
  const needed = [
    login === 'existing' && credentialId === null && 'credentialId',
    login === 'own' && username.trim() === '' && 'username',
    isNew && login === 'own' && password === '' && 'password',
    hasProxy && proxyLogin === 'existing' && proxyCredentialId === null && 'proxyCredentialId',
    hasProxy && proxyLogin === 'own' && proxyUsername.trim() === '' && 'proxyUsername',
  ].filter((path) => path !== false);
  const { tlsMinVersion, ...settings } = enteredIn(values);
  return [
    ...needed.map((path) => ({ path, message: 'is needed' })),
    ...outOfRange(values.settings),
    ...(protocol === 'ftp' ? [] : missingInTrust(trust, 'trust')),
    ...faultsOf({ protocol, host: values.host.trim(), tlsMinVersion, settings }).map(faultInWords),
  ];
}

/** What only explicit FTPS has is as its default with another protocol, where the form does not show it. */
function enteredIn({ protocol, settings }: EndpointValues): Tuning {
  const tuning = tuningOf(settings);
  return protocol === 'ftps_explicit' ? tuning : { ...tuning, authCommand: DEFAULT_TUNING.authCommand };
}

function faultInWords({ path, message }: FieldError): FieldError {
  const spec = FIELD_GROUPS.flatMap(({ fields }) => fields).find(({ name }) => path === `settings.${name}`);
  return { path, message: spec === undefined ? message : inWords(spec, message) };
}

/** A password may start or end with a space; it is sent as it is. */
const passwordOrNone = (text: string): string | undefined => (text === '' ? undefined : text);

/** What is sent: a user name of the endpoint's own, or an existing credential, never both; a password with either. */
export function toBody(values: EndpointValues, stored: Endpoint | null): unknown {
  const { name, partnerId, basePath, protocol, trust, login } = values;
  const common = { name, partnerId, basePath };
  if (protocol === 'local_folder') {
    const rootName = values.rootName ?? undefined;
    return stored === null ? { ...common, protocol, rootName } : { ...common, rootName };
  }
  return {
    ...common,
    protocol,
    host: values.host,
    port: values.port === '' ? undefined : values.port,
    trust: {
      mode: trust.mode,
      certificateIds: trust.mode === 'system_cas' ? [] : trust.certificateIds,
      serverName: trust.serverName.trim() === '' ? null : trust.serverName,
    },
    credentialId: login === 'existing' ? (values.credentialId ?? undefined) : undefined,
    username: login === 'own' ? orUndefined(values.username) : undefined,
    password: passwordOrNone(values.password),
    ...tuningBody(tuningFrom(stored), enteredIn(values)),
    ...(values.clientCertificateId !== (stored?.clientCertificate?.id ?? null) && {
      clientCertificateId: values.clientCertificateId,
    }),
    ...proxyLoginBody(values, stored),
  };
}

function proxyLoginBody(values: EndpointValues, stored: Endpoint | null): object {
  // A proxy that goes takes its login along.
  if ((values.settings.proxy as ProxyValue).kind === 'none') return {};
  const proxyPassword = passwordOrNone(values.proxyPassword);
  switch (values.proxyLogin) {
    case 'none':
      return stored?.proxyCredential ? { proxyCredentialId: null } : {};
    case 'own':
      return { proxyUsername: orUndefined(values.proxyUsername), proxyPassword };
    case 'existing':
      return { proxyCredentialId: values.proxyCredentialId ?? undefined, proxyPassword };
  }
}
