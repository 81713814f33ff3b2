import type { UseFormReturnType } from '@mantine/form';
import type { Endpoint, EndpointCreate, EndpointUpdate } from '@waybill/contracts/endpoints.js';
import { orUndefined, type FieldError } from '../form.js';
import { missingInTrust } from '../trust-choice.js';

const SECOND_MS = 1000;

/** The fields of the form; numbers may be empty text while one types. Times are in seconds for people. */
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
    tlsMinVersion: endpoint?.tlsMinVersion ?? ('TLSv1.2' as const),
    connectTimeoutS: ((endpoint?.connectTimeoutMs ?? 20_000) / SECOND_MS) as number | string,
    idleTimeoutS: ((endpoint?.idleTimeoutMs ?? 60_000) / SECOND_MS) as number | string,
  };
}
export type EndpointValues = ReturnType<typeof valuesOf>;
export type EndpointForm = UseFormReturnType<EndpointValues>;

export type EndpointBody = EndpointCreate | EndpointUpdate;

/** The field for a path of the body. */
export const fieldOf = (path: string): string =>
  path.replace(/^(connect|idle)TimeoutMs$/, '$1TimeoutS').replace(/\.\d+$/, '');

/** What a login and a trust need, which the API asks for one after the other. */
export function missingIn(values: EndpointValues, isNew: boolean): FieldError[] {
  const { protocol, login, username, password, credentialId, trust } = values;
  if (protocol === 'local_folder') return [];
  const needed = [
    login === 'existing' && credentialId === null && 'credentialId',
    login === 'own' && username.trim() === '' && 'username',
    isNew && login === 'own' && password === '' && 'password',
  ].filter((path) => path !== false);
  return [...needed.map((path) => ({ path, message: 'is needed' })), ...missingInTrust(trust, 'trust')];
}

const toMs = (seconds: number | string): number | undefined =>
  seconds === '' ? undefined : Math.round(Number(seconds) * SECOND_MS);

/** What is sent: a user name of the endpoint's own, or an existing credential, never both; a password with either. */
export function toBody(values: EndpointValues, isNew: boolean): unknown {
  const { name, partnerId, basePath, protocol, trust, login } = values;
  const common = { name, partnerId, basePath };
  if (protocol === 'local_folder') {
    const rootName = values.rootName ?? undefined;
    return isNew ? { ...common, protocol, rootName } : { ...common, rootName };
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
    tlsMinVersion: values.tlsMinVersion,
    connectTimeoutMs: toMs(values.connectTimeoutS),
    idleTimeoutMs: toMs(values.idleTimeoutS),
    credentialId: login === 'existing' ? (values.credentialId ?? undefined) : undefined,
    username: login === 'own' ? orUndefined(values.username) : undefined,
    // A password may start or end with a space; it is sent as it is.
    password: values.password === '' ? undefined : values.password,
  };
}
