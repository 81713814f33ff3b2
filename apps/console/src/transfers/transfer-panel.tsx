import { useCan } from '../access/session.js';
import { api } from '../api.js';
import { ListPanel } from '../list-page.js';
import { usePollMs } from '../live.js';
import { paths } from '../paths.js';
import { Empty } from '../ui/notice.js';
import { PARTNER_TRANSFER_COLUMNS, ROUTE_TRANSFER_COLUMNS } from './transfer-columns.js';

const SHOWN = 10;

/** The newest transfers of a route or a partner, on its page. */
export function TransferPanel({ filter }: { filter: { routeId?: string; partnerId?: string } }) {
  const can = useCan();
  const pollMs = usePollMs(3000);
  const list = api.useQuery(
    'get',
    '/api/v1/transfers',
    { params: { query: { ...filter, limit: SHOWN } } },
    { refetchInterval: pollMs },
  );
  return (
    <ListPanel
      title="Recent transfers"
      link={['All transfers', paths.transfers.list(filter)]}
      rows={list.data?.items ?? []}
      columns={filter.routeId === undefined ? PARTNER_TRANSFER_COLUMNS : ROUTE_TRANSFER_COLUMNS}
      rowHref={({ id }) => paths.transfers.one(id)}
      feed={list}
      empty={
        <Empty title="Nothing has moved yet">
          {can('transfer:start') && 'Run a route, or give it a schedule.'}
        </Empty>
      }
    />
  );
}
