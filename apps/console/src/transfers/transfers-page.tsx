import type { TransferCause } from '@waybill/contracts/transfers.js';
import { useMemo } from 'react';
import { useCan } from '../access/session.js';
import { api, byCursor, rowsOf } from '../api.js';
import { ListPage } from '../list-page.js';
import { usePollMs } from '../live.js';
import { paths } from '../paths.js';
import { PartnerFilter, RouteFilter } from '../pickers.js';
import { ChoiceFilter, choicesOf, SearchFilter, useFilters } from '../ui/filters.js';
import { Go } from '../ui/go.js';
import { periodOf } from '../ui/period.js';
import { PeriodFilter } from '../ui/period-filter.js';
import { CAUSES, TRANSFER_STATES } from '../words.js';
import { TRANSFER_COLUMNS } from './transfer-columns.js';

const FILTERS = [
  'state',
  'routeId',
  'partnerId',
  'scheduleId',
  'cause',
  'period',
  'search',
  'needsAttention',
  'finished',
] as const;

/** Every transfer, newest first, as it happens. */
export function TransfersPage() {
  const can = useCan();
  const filters = useFilters(FILTERS);
  const { period, cause, needsAttention, finished, ...same } = filters.filters;
  const range = useMemo(() => periodOf(period), [period]);
  const finishedFrom = useMemo(() => periodOf(finished).from, [finished]);
  const pollMs = usePollMs(3000);
  const query = {
    ...same,
    ...range,
    finishedFrom,
    cause: cause as TransferCause | undefined,
    needsAttention: needsAttention as 'true' | undefined,
    limit: 100,
  };
  const list = api.useInfiniteQuery(
    'get',
    '/api/v1/transfers',
    { params: { query } },
    { ...byCursor, refetchInterval: pollMs },
  );
  return (
    <ListPage
      title="Transfers"
      noun="transfer"
      filters={filters}
      bar={
        <>
          <SearchFilter label="Route or file name" {...filters.of('search')} />
          <ChoiceFilter
            label="State"
            multiple
            choices={choicesOf(TRANSFER_STATES)}
            {...filters.of('state')}
          />
          <PeriodFilter {...filters.of('period')} />
          <RouteFilter {...filters.of('routeId')} />
          <PartnerFilter {...filters.of('partnerId')} />
          <ChoiceFilter label="Cause" choices={choicesOf(CAUSES)} {...filters.of('cause')} />
          {needsAttention !== undefined && (
            <ChoiceFilter
              label="Attention"
              choices={[{ value: 'true', label: 'Needed' }]}
              {...filters.of('needsAttention')}
            />
          )}
          {finished !== undefined && (
            <ChoiceFilter
              label="Ended"
              choices={[{ value: '24h', label: 'Last 24 hours' }]}
              {...filters.of('finished')}
            />
          )}
          {filters.filters.scheduleId !== undefined && (
            <ChoiceFilter
              label="Schedule"
              choices={[{ value: filters.filters.scheduleId, label: 'The one you came from' }]}
              {...filters.of('scheduleId')}
            />
          )}
        </>
      }
      rows={rowsOf(list.data)}
      columns={TRANSFER_COLUMNS}
      rowHref={({ id }) => paths.transfers.one(id)}
      feed={list}
      noneTitle="Nothing has moved yet"
      none={
        can('transfer:start')
          ? 'Open a route and press “Run now”, or give it a schedule.'
          : 'A transfer shows up here the moment it starts.'
      }
      noneAction={
        <Go href={paths.routes.list()} className="link">
          Go to the routes
        </Go>
      }
    />
  );
}
