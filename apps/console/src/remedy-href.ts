import type { FailedEnd, TransferSummary } from '@waybill/contracts/transfers.js';
import { paths } from './paths.js';
import { remedyFor } from './words.js';

type Failed = Pick<TransferSummary, 'failureKind' | 'failureText' | 'route'> & {
  failedEnd: FailedEnd | null;
};

/** Where a person puts right what a transfer failed of; null where that is no page, or not known. */
export function remedyHref({ failureKind, failureText, failedEnd, route }: Failed): string | null {
  const { at, field } = remedyFor(failureKind);
  switch (at) {
    case 'endpointForm':
      return failedEnd && paths.endpoints.edit(failedEnd.endpointId, { field });
    case 'exception':
      return failedEnd && paths.exceptions.create({ endpointId: failedEnd.endpointId });
    case 'endpoint':
      if (failedEnd !== null) return paths.endpoints.one(failedEnd.endpointId);
      // It was on hold before the transfer reached it.
      return failureKind === 'endpoint_held' ? paths.endpoints.list({ held: 'true' }) : null;
    case 'network':
      return paths.network.create({ ...refusedIn(failureText), note: failedEnd?.endpointName });
    case 'route':
      return paths.routes.one(route.id);
    case 'again':
      return null;
  }
}

/** As the network guard tells it: "The address 10.0.0.5, port 21, …", or "The address HOST (10.0.0.5, …), port 21, …". */
const REFUSED = /\baddress (?:\S+ \()?([\da-f.:]+)(?:, [\da-f.:]+)*\)?, port (\d+),/i;

/** The address and port that were refused; nothing where the text names none. */
function refusedIn(text: string | null): { address?: string; port?: string } {
  const [, address, port] = REFUSED.exec(text ?? '') ?? [];
  return { address, port };
}
