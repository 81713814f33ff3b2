import { useCan } from '../access/session.js';
import { api } from '../api.js';
import { ListPanel } from '../list-page.js';
import { paths } from '../paths.js';
import { Go } from '../ui/go.js';
import { Empty } from '../ui/notice.js';
import { ROUTE_COLUMNS } from './route-columns.js';

const SHOWN = 20;

/** The routes of a partner or an endpoint, on its page. */
export function RoutePanel({ filter }: { filter: { partnerId?: string; endpointId?: string } }) {
  const can = useCan();
  const list = api.useQuery('get', '/api/v1/routes', { params: { query: { ...filter, limit: SHOWN } } });
  const make = can('route:write') && (
    <Go href={paths.routes.create(filter)} className="link">
      Make a route
    </Go>
  );
  return (
    <ListPanel
      title="Routes"
      link={['All routes', paths.routes.list(filter)]}
      rows={list.data?.items ?? []}
      columns={ROUTE_COLUMNS}
      rowHref={({ id }) => paths.routes.one(id)}
      feed={list}
      empty={
        <Empty title="No route yet" action={make}>
          A route says which files go from where to where.
        </Empty>
      }
    />
  );
}
