import { api } from '../api.js';
import { usePollMs } from '../live.js';
import { paths } from '../paths.js';
import { DataTable } from '../ui/data-table.js';
import { Section } from '../ui/facts.js';
import { Go } from '../ui/go.js';
import { Empty } from '../ui/notice.js';
import { TRANSFER_PANEL_COLUMNS } from './transfer-columns.js';

const SHOWN = 10;

/** The newest transfers of a route or a partner, on its page. */
export function TransferPanel({ filter }: { filter: { routeId?: string; partnerId?: string } }) {
  const pollMs = usePollMs(3000);
  const list = api.useQuery(
    'get',
    '/api/v1/transfers',
    { params: { query: { ...filter, limit: SHOWN } } },
    { refetchInterval: pollMs },
  );
  return (
    <Section
      title="Recent transfers"
      aside={
        <Go href={paths.transfers.list(filter)} className="link">
          All transfers
        </Go>
      }
    >
      <DataTable
        label="Recent transfers"
        rows={list.data?.items ?? []}
        columns={TRANSFER_PANEL_COLUMNS}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.transfers.one(id)}
        feed={list}
        empty={<Empty title="Nothing has moved yet">Run a route, or give it a schedule.</Empty>}
      />
    </Section>
  );
}
