import { useCan } from '../access/session.js';
import { api } from '../api.js';
import { paths } from '../paths.js';
import { DataTable } from '../ui/data-table.js';
import { Section } from '../ui/facts.js';
import { Go } from '../ui/go.js';
import { Empty } from '../ui/notice.js';
import { ROUTE_COLUMNS } from './route-columns.js';

const SHOWN = 20;

/** The routes of a partner or an endpoint, on its page. */
export function RoutePanel({ filter }: { filter: { partnerId?: string; endpointId?: string } }) {
  const can = useCan();
  const list = api.useQuery('get', '/api/v1/routes', { params: { query: { ...filter, limit: SHOWN } } });
  return (
    <Section
      title="Routes"
      aside={
        <Go href={paths.routes.list(filter)} className="link">
          All routes
        </Go>
      }
    >
      <DataTable
        label="Routes"
        rows={list.data?.items ?? []}
        columns={ROUTE_COLUMNS}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.routes.one(id)}
        feed={list}
        empty={
          <Empty
            title="No route yet"
            action={
              can('route:write') && (
                <Go href={paths.routes.create({ partnerId: filter.partnerId })} className="link">
                  Make a route
                </Go>
              )
            }
          >
            A route says which files go from where to where.
          </Empty>
        }
      />
    </Section>
  );
}
