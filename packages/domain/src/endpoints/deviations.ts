/** What of an endpoint weakens protection or proof, and which exception permits it. */
import { deviationsOf as deviationsOfServer } from '@waybill/contracts/deviations.js';
import type { EndpointProtocol } from '@waybill/contracts/endpoints.js';
import type { Deviation, StandingDeviation } from '@waybill/contracts/exceptions.js';
import type { Prisma } from '@waybill/db/generated/prisma/client.js';
import type { Tx } from '@waybill/db/transaction.js';
import { settingsOf } from './endpoint-settings.js';

interface Deviating {
  protocol: EndpointProtocol;
  settings: unknown;
}

/** The kinds in which an endpoint deviates from what is required. Pure. */
export function deviationsOf(endpoint: Deviating): Deviation[] {
  if (endpoint.protocol === 'local_folder') return [];
  return deviationsOfServer(endpoint.protocol, settingsOf(endpoint));
}

/** The same as a condition of the database, for lists. */
export const DEVIATING: Prisma.EndpointWhereInput = {
  OR: [
    { protocol: 'ftp' },
    {
      protocol: { not: 'local_folder' },
      OR: [
        { settings: { path: ['dataProtection'], equals: 'clear' } },
        { settings: { path: ['verification'], equals: 'none' } },
        { settings: { path: ['transferType'], equals: 'ascii' } },
      ],
    },
  ],
};

/** The exceptions of an endpoint that may be in force; whether they cover it is for `standingOf`. */
export function inForceAt(now: Date) {
  return {
    where: { approvedAt: { not: null }, endedAt: null, endsAt: { gt: now } },
    select: { id: true, host: true, deviations: true, endsAt: true },
  } as const satisfies Prisma.Endpoint$exceptionsArgs;
}

export interface Covering {
  id: string;
  host: string;
  deviations: string[];
  endsAt: Date;
}

/**
 * How an endpoint deviates, and by which exception it may. One that was approved for another host covers nothing.
 * @param endpoint with the exceptions of `inForceAt`
 */
export function standingOf(
  endpoint: Deviating & { host: string | null; exceptions: Covering[] },
): StandingDeviation[] {
  const valid = endpoint.exceptions
    .filter(({ host }) => host === endpoint.host)
    .toSorted((a, b) => b.endsAt.getTime() - a.endsAt.getTime());
  return deviationsOf(endpoint).map((kind) => {
    const covering = valid.find(({ deviations }) => deviations.includes(kind));
    return { kind, coveredBy: covering?.id ?? null, coveredUntil: covering?.endsAt.toISOString() ?? null };
  });
}

/** When the last exception that permitted all of these to that host expired; null where none did. */
export async function findExpiry(
  tx: Tx,
  { id, host }: { id: string; host: string },
  kinds: Deviation[],
): Promise<Date | null> {
  if (kinds.length === 0) return null;
  const last = await tx.endpointException.findFirst({
    where: {
      endpointId: id,
      host,
      deviations: { hasEvery: kinds },
      approvedAt: { not: null },
      endedAt: null,
      endsAt: { lte: new Date() },
    },
    orderBy: { endsAt: 'desc' },
    select: { endsAt: true },
  });
  return last?.endsAt ?? null;
}
