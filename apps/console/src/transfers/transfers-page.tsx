import type { TransferCause } from '@waybill/contracts/transfers.js';
import { useMemo } from 'react';
import { api, byCursor, rowsOf } from '../api.js';
import { usePollMs } from '../live.js';
import { paths } from '../paths.js';
import { PartnerFilter, RouteFilter } from '../pickers.js';
import { DataTable } from '../ui/data-table.js';
import { ChoiceFilter, FilterBar, SearchFilter, useFilters } from '../ui/filters.js';
import { Go } from '../ui/go.js';
import { Mark } from '../ui/mark.js';
import { Empty } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { PeriodFilter, periodOf } from '../ui/period-filter.js';
import { CAUSES, TRANSFER_STATES } from '../words.js';
import { TRANSFER_COLUMNS } from './transfer-columns.js';

const FILTERS = ['state', 'routeId', 'partnerId', 'scheduleId', 'cause', 'period', 'search'] as const;
const STATES = Object.entries(TRANSFER_STATES).map(([value, look]) => ({
  value,
  label: look.word,
  mark: <Mark look={look} />,
}));
const CAUSE_CHOICES = Object.entries(CAUSES).map(([value, label]) => ({ value, label }));

/** Every transfer, newest first, as it happens. */
export function TransfersPage() {
  const { filters, setFilters, clear, isFiltered } = useFilters(FILTERS);
  const { period, search, cause, ...same } = filters;
  const range = useMemo(() => periodOf(period), [period]);
  const pollMs = usePollMs(3000);
  const query = { ...same, ...range, search, cause: cause as TransferCause | undefined, limit: 100 };
  const list = api.useInfiniteQuery(
    'get',
    '/api/v1/transfers',
    { params: { query } },
    {
      ...byCursor,
      refetchInterval: pollMs,
    },
  );
  return (
    <Page title="Transfers">
      <FilterBar onClear={isFiltered && clear}>
        <SearchFilter
          label="Route or file name"
          value={search}
          onChange={(next) => setFilters({ search: next })}
        />
        <ChoiceFilter
          label="State"
          multiple
          choices={STATES}
          value={filters.state}
          onChange={(state) => setFilters({ state })}
        />
        <PeriodFilter value={period} onChange={(next) => setFilters({ period: next })} />
        <RouteFilter value={filters.routeId} onChange={(routeId) => setFilters({ routeId })} />
        <PartnerFilter value={filters.partnerId} onChange={(partnerId) => setFilters({ partnerId })} />
        <ChoiceFilter
          label="Cause"
          choices={CAUSE_CHOICES}
          value={cause}
          onChange={(next) => setFilters({ cause: next })}
        />
        {filters.scheduleId !== undefined && (
          <ChoiceFilter
            label="Schedule"
            choices={[{ value: filters.scheduleId, label: 'The one you came from' }]}
            value={filters.scheduleId}
            onChange={(scheduleId) => setFilters({ scheduleId })}
          />
        )}
      </FilterBar>
      <DataTable
        label="Transfers"
        rows={rowsOf(list.data)}
        columns={TRANSFER_COLUMNS}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.transfers.one(id)}
        feed={list}
        empty={
          isFiltered ? (
            <Empty title="No transfer fits these filters">Take one away, or choose a longer period.</Empty>
          ) : (
            <Empty
              title="Nothing has moved yet"
              action={
                <Go href={paths.routes.list()} className="link">
                  Go to the routes
                </Go>
              }
            >
              Open a route and press “Run now”, or give it a schedule.
            </Empty>
          )
        }
      />
    </Page>
  );
}
