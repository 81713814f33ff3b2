import { Button } from '@mantine/core';
import type { EndpointProtocol } from '@waybill/contracts/endpoints.js';
import { useCan } from '../access/session.js';
import { api, byCursor, rowsOf } from '../api.js';
import { paths } from '../paths.js';
import { PartnerFilter } from '../pickers.js';
import { DataTable } from '../ui/data-table.js';
import { ChoiceFilter, FilterBar, SearchFilter, useFilters } from '../ui/filters.js';
import { Go } from '../ui/go.js';
import { Empty } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { PROTOCOLS } from '../words.js';
import { ENDPOINT_COLUMNS } from './endpoint-columns.js';

const FILTERS = ['search', 'partnerId', 'protocol', 'held'] as const;
const PROTOCOL_CHOICES = Object.entries(PROTOCOLS).map(([value, label]) => ({ value, label }));

/** The addresses that files go to and come from. */
export function EndpointsPage() {
  const { filters, setFilters, clear, isFiltered } = useFilters(FILTERS);
  const can = useCan();
  const query = {
    ...filters,
    protocol: filters.protocol as EndpointProtocol | undefined,
    held: filters.held as 'true' | 'false' | undefined,
    limit: 100,
  };
  const list = api.useInfiniteQuery('get', '/api/v1/endpoints', { params: { query } }, byCursor);
  const create = can('endpoint:write') && (
    <Button component={Go} href={paths.endpoints.create()} data-create>
      New endpoint
    </Button>
  );
  return (
    <Page title="Endpoints" actions={create}>
      <FilterBar onClear={isFiltered && clear}>
        <SearchFilter
          label="Name or host"
          value={filters.search}
          onChange={(search) => setFilters({ search })}
        />
        <ChoiceFilter
          label="Protocol"
          choices={PROTOCOL_CHOICES}
          value={filters.protocol}
          onChange={(protocol) => setFilters({ protocol })}
        />
        <PartnerFilter value={filters.partnerId} onChange={(partnerId) => setFilters({ partnerId })} />
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
        label="Endpoints"
        rows={rowsOf(list.data)}
        columns={ENDPOINT_COLUMNS}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.endpoints.one(id)}
        feed={list}
        empty={
          isFiltered ? (
            <Empty title="No endpoint fits these filters">Check the spelling, or take a filter away.</Empty>
          ) : (
            <Empty title="No endpoint yet" action={create}>
              An endpoint is a server of a partner, or a folder of yours. A route needs two of them.
            </Empty>
          )
        }
      />
    </Page>
  );
}
