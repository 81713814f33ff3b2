import type { EndpointProtocol } from '@waybill/contracts/endpoints.js';
import { useCan } from '../access/session.js';
import { api, byCursor, rowsOf } from '../api.js';
import { ListPage, YesNoFilter, type YesNo } from '../list-page.js';
import { paths } from '../paths.js';
import { PartnerFilter } from '../pickers.js';
import { ChoiceFilter, choicesOf, SearchFilter, useFilters } from '../ui/filters.js';
import { PROTOCOLS } from '../words.js';
import { ENDPOINT_COLUMNS } from './endpoint-columns.js';

const DEVIATING = [{ value: 'true', label: 'Files not encrypted, or not verified' }];

/** The addresses that files go to and come from. */
export function EndpointsPage() {
  const can = useCan();
  const filters = useFilters(['search', 'partnerId', 'protocol', 'held', 'deviating'] as const);
  const { protocol, held, deviating, ...same } = filters.filters;
  const query = {
    ...same,
    protocol: protocol as EndpointProtocol,
    held: held as YesNo,
    deviating: deviating as 'true' | undefined,
    limit: 100,
  };
  const list = api.useInfiniteQuery('get', '/api/v1/endpoints', { params: { query } }, byCursor);
  return (
    <ListPage
      title="Endpoints"
      noun="endpoint"
      create={can('endpoint:write') && ['New endpoint', paths.endpoints.create()]}
      filters={filters}
      bar={
        <>
          <SearchFilter label="Name or host" {...filters.of('search')} />
          <ChoiceFilter label="Protocol" choices={choicesOf(PROTOCOLS)} {...filters.of('protocol')} />
          <PartnerFilter {...filters.of('partnerId')} />
          <YesNoFilter label="Hold" yes="On hold" no="Not on hold" {...filters.of('held')} />
          <ChoiceFilter label="Deviation" choices={DEVIATING} {...filters.of('deviating')} />
        </>
      }
      rows={rowsOf(list.data)}
      columns={ENDPOINT_COLUMNS}
      rowHref={({ id }) => paths.endpoints.one(id)}
      feed={list}
      none="An endpoint is a server of a partner, or a folder of yours. A route needs two of them."
    />
  );
}
