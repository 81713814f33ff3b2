import type { FailedEnd, TransferSummary } from '@waybill/contracts/transfers.js';
import { paths } from './paths.js';
import { remedyFor } from './words.js';

type Failed = Pick<TransferSummary, 'failureKind' | 'route'> & { failedEnd: FailedEnd | null };

/** Where a person puts right what a transfer failed of; null where that is no page, or not known. */
export function remedyHref({ failureKind, failedEnd, route }: Failed): string | null {
  switch (remedyFor(failureKind).at) {
    case 'password':
      return failedEnd && paths.endpoints.edit(failedEnd.endpointId, { field: 'password' });
    case 'trust':
    case 'endpoint':
      if (failedEnd !== null) return paths.endpoints.one(failedEnd.endpointId);
      // It was on hold before the transfer reached it.
      return failureKind === 'endpoint_held' ? paths.endpoints.list({ held: 'true' }) : null;
    case 'network':
      return paths.network.list();
    case 'route':
      return paths.routes.one(route.id);
    case 'again':
      return null;
  }
}
