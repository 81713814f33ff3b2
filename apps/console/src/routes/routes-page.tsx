import { Button } from '@mantine/core';
import { useCan } from '../access/session.js';
import { api, byCursor, rowsOf } from '../api.js';
import { paths } from '../paths.js';
import { EndpointFilter, PartnerFilter } from '../pickers.js';
import { DataTable } from '../ui/data-table.js';
import { ChoiceFilter, FilterBar, SearchFilter, useFilters } from '../ui/filters.js';
import { Go } from '../ui/go.js';
import { Empty } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { ROUTE_COLUMNS } from './route-columns.js';

const FILTERS = ['search', 'partnerId', 'endpointId', 'enabled', 'held'] as const;
type YesNo = 'true' | 'false' | undefined;

/** What moves, from where to where. */
export function RoutesPage() {
  const { filters, setFilters, clear, isFiltered } = useFilters(FILTERS);
  const can = useCan();
  const query = { ...filters, enabled: filters.enabled as YesNo, held: filters.held as YesNo, limit: 100 };
  const list = api.useInfiniteQuery('get', '/api/v1/routes', { params: { query } }, byCursor);
  const create = can('route:write') && (
    <Button component={Go} href={paths.routes.create()} data-create>
      New route
    </Button>
  );
  return (
    <Page title="Routes" actions={create}>
      <FilterBar onClear={isFiltered && clear}>
        <SearchFilter label="Name" value={filters.search} onChange={(search) => setFilters({ search })} />
        <PartnerFilter value={filters.partnerId} onChange={(partnerId) => setFilters({ partnerId })} />
        <EndpointFilter value={filters.endpointId} onChange={(endpointId) => setFilters({ endpointId })} />
        <ChoiceFilter
          label="State"
          choices={[
            { value: 'true', label: 'On' },
            { value: 'false', label: 'Off' },
          ]}
          value={filters.enabled}
          onChange={(enabled) => setFilters({ enabled })}
        />
        <ChoiceFilter
          label="Hold"
          choices={[
            { value: 'true', label: 'On hold' },
            { value: 'false', label: 'Not on hold' },
          ]}
          value={filters.held}
          onChange={(held) => setFilters({ held })}
        />
      </FilterBar>
      <DataTable
        label="Routes"
        rows={rowsOf(list.data)}
        columns={ROUTE_COLUMNS}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.routes.one(id)}
        feed={list}
        empty={
          isFiltered ? (
            <Empty title="No route fits these filters">Take one away to see more.</Empty>
          ) : (
            <Empty title="No route yet" action={create}>
              A route says which files go from where to where. Make one as soon as two endpoints exist.
            </Empty>
          )
        }
      />
    </Page>
  );
}
