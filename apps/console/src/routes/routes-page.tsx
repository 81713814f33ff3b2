import { useCan } from '../access/session.js';
import { api, byCursor, rowsOf } from '../api.js';
import { ListPage, YesNoFilter, type YesNo } from '../list-page.js';
import { paths } from '../paths.js';
import { EndpointFilter, PartnerFilter } from '../pickers.js';
import { SearchFilter, useFilters } from '../ui/filters.js';
import { ROUTE_COLUMNS } from './route-columns.js';

/** What moves, from where to where. */
export function RoutesPage() {
  const can = useCan();
  const filters = useFilters(['search', 'partnerId', 'endpointId', 'enabled', 'held'] as const);
  const { enabled, held, ...same } = filters.filters;
  const query = { ...same, enabled: enabled as YesNo, held: held as YesNo, limit: 100 };
  const list = api.useInfiniteQuery('get', '/api/v1/routes', { params: { query } }, byCursor);
  return (
    <ListPage
      title="Routes"
      noun="route"
      create={can('route:write') && ['New route', paths.routes.create()]}
      filters={filters}
      bar={
        <>
          <SearchFilter label="Name" {...filters.of('search')} />
          <PartnerFilter {...filters.of('partnerId')} />
          <EndpointFilter {...filters.of('endpointId')} />
          <YesNoFilter label="State" yes="On" no="Off" {...filters.of('enabled')} />
          <YesNoFilter label="Hold" yes="On hold" no="Not on hold" {...filters.of('held')} />
        </>
      }
      rows={rowsOf(list.data)}
      columns={ROUTE_COLUMNS}
      rowHref={({ id }) => paths.routes.one(id)}
      feed={list}
      none="A route says which files go from where to where. It needs two endpoints."
    />
  );
}
