/** Whether somebody has asked already for the exception that an endpoint needs, or has it by now. */
import type { Endpoint } from '@waybill/contracts/endpoints.js';
import type { Deviation } from '@waybill/contracts/exceptions.js';
import type { TroubledTransfer } from '@waybill/contracts/overview.js';
import { useCan } from './access/session.js';
import { api } from './api.js';
import { paths } from './paths.js';

/** Tells of a deviation whether an exception for it waits for approval, for the host as it is now. */
export function useAsked(endpoint: Pick<Endpoint, 'id' | 'host'> | undefined): (kind: Deviation) => boolean {
  const query = { endpointId: endpoint?.id, state: 'requested', limit: 20 } as const;
  const list = api.useQuery(
    'get',
    '/api/v1/exceptions',
    { params: { query } },
    { enabled: endpoint !== undefined },
  );
  const waiting = (list.data?.items ?? []).filter(({ host }) => host === endpoint?.host);
  return (kind) => waiting.some(({ deviations }) => deviations.includes(kind));
}

/** Where to go for a failure that needs an exception, once nobody needs to ask for one any more; else null. */
export function useExceptionWay({
  failureKind,
  failedEnd,
}: Pick<TroubledTransfer, 'failureKind' | 'failedEnd'>): { text: string; href: string } | null {
  const can = useCan();
  const id = failedEnd?.endpointId ?? '';
  const isAbout = failureKind === 'exception_needed' && id !== '' && can('exception:read');
  const one = api.useQuery(
    'get',
    '/api/v1/endpoints/{id}',
    { params: { path: { id } } },
    { enabled: isAbout },
  );
  const endpoint = isAbout ? (one.data as Endpoint | undefined) : undefined;
  const isAsked = useAsked(endpoint);
  if (endpoint === undefined) return null;
  const needed = endpoint.deviations.filter(({ coveredBy }) => coveredBy === null);
  if (needed.length === 0) return { text: 'Open the endpoint', href: paths.endpoints.one(id) };
  return needed.every(({ kind }) => isAsked(kind))
    ? {
        text: 'An exception waits for approval',
        href: paths.exceptions.list({ endpointId: id, state: 'requested' }),
      }
    : null;
}
