import { Button } from '@mantine/core';
import { useCan } from '../access/session.js';
import { api, byCursor, rowsOf } from '../api.js';
import { paths } from '../paths.js';
import { PartnerFilter, RouteFilter } from '../pickers.js';
import { DataTable } from '../ui/data-table.js';
import { ChoiceFilter, FilterBar, SearchFilter, useFilters } from '../ui/filters.js';
import { Go } from '../ui/go.js';
import { Empty } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { SCHEDULE_COLUMNS } from './schedule-columns.js';

const FILTERS = ['search', 'routeId', 'partnerId', 'enabled'] as const;

/** When routes run by themselves. */
export function SchedulesPage() {
  const { filters, setFilters, clear, isFiltered } = useFilters(FILTERS);
  const can = useCan();
  const query = { ...filters, enabled: filters.enabled as 'true' | 'false' | undefined, limit: 100 };
  const list = api.useInfiniteQuery('get', '/api/v1/schedules', { params: { query } }, byCursor);
  const create = can('schedule:write') && (
    <Button component={Go} href={paths.schedules.create()} data-create>
      New schedule
    </Button>
  );
  return (
    <Page title="Schedules" actions={create}>
      <FilterBar onClear={isFiltered && clear}>
        <SearchFilter label="Name" value={filters.search} onChange={(search) => setFilters({ search })} />
        <RouteFilter value={filters.routeId} onChange={(routeId) => setFilters({ routeId })} />
        <PartnerFilter value={filters.partnerId} onChange={(partnerId) => setFilters({ partnerId })} />
        <ChoiceFilter
          label="State"
          choices={[
            { value: 'true', label: 'On' },
            { value: 'false', label: 'Off' },
          ]}
          value={filters.enabled}
          onChange={(enabled) => setFilters({ enabled })}
        />
      </FilterBar>
      <DataTable
        label="Schedules"
        rows={rowsOf(list.data)}
        columns={SCHEDULE_COLUMNS}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.schedules.edit(id)}
        feed={list}
        empty={
          isFiltered ? (
            <Empty title="No schedule fits these filters">Check the spelling, or take a filter away.</Empty>
          ) : (
            <Empty title="No schedule yet" action={create}>
              A schedule runs a route by itself: every quarter of an hour, at six on working days, at the
              month's end.
            </Empty>
          )
        }
      />
    </Page>
  );
}
