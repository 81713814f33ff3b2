import { useCan } from '../access/session.js';
import { api } from '../api.js';
import { ListPanel } from '../list-page.js';
import { paths } from '../paths.js';
import { Go } from '../ui/go.js';
import { Empty } from '../ui/notice.js';
import { ENDPOINT_COLUMNS } from './endpoint-columns.js';

const SHOWN = 20;
const COLUMNS = ENDPOINT_COLUMNS.filter(({ key }) => key !== 'partner');

/** The endpoints of a partner, on its page. */
export function EndpointPanel({ filter }: { filter: { partnerId: string } }) {
  const can = useCan();
  const list = api.useQuery('get', '/api/v1/endpoints', { params: { query: { ...filter, limit: SHOWN } } });
  const add = can('endpoint:write') && (
    <Go href={paths.endpoints.create(filter)} className="link">
      Add an endpoint
    </Go>
  );
  return (
    <ListPanel
      title="Endpoints"
      link={['All endpoints', paths.endpoints.list(filter)]}
      rows={list.data?.items ?? []}
      columns={COLUMNS}
      rowHref={({ id }) => paths.endpoints.one(id)}
      feed={list}
      empty={
        <Empty title="No endpoint yet" action={add}>
          Where does this partner's server listen?
        </Empty>
      }
    />
  );
}
