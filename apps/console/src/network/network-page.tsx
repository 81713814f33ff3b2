import type { NetworkAllow } from '@waybill/contracts/network.js';
import { useCan } from '../access/session.js';
import { api, byCursor, client, refresh, rowsOf } from '../api.js';
import { ListPage } from '../list-page.js';
import { paths } from '../paths.js';
import type { Column } from '../ui/data-table.js';
import { DeleteButton } from '../ui/delete-button.js';
import { Instant } from '../ui/instant.js';

const portsOf = ({ fromPort, toPort }: NetworkAllow): string =>
  fromPort === toPort ? String(fromPort) : `${fromPort} to ${toPort}`;

const COLUMNS: Column<NetworkAllow>[] = [
  {
    key: 'cidr',
    header: 'Range',
    width: 'minmax(150px, 1fr)',
    cell: ({ cidr }) => <code>{cidr}</code>,
    card: 'title',
  },
  { key: 'ports', header: 'Ports', width: '120px', cell: portsOf },
  { key: 'note', header: 'Note', width: 'minmax(160px, 2fr)', cell: ({ note }) => note },
  {
    key: 'since',
    header: 'Since',
    width: '112px',
    align: 'end',
    cell: ({ createdAt }) => <Instant at={createdAt} />,
  },
];

const DELETE: Column<NetworkAllow> = {
  key: 'act',
  header: 'Actions',
  quiet: true,
  width: '76px',
  align: 'end',
  card: 'aside',
  cell: (range) => (
    <DeleteButton
      compact
      what="range"
      name={`${range.cidr}, ports ${portsOf(range)}`}
      body="Endpoints in this range can no longer be dialled."
      remove={async () => {
        await client.DELETE('/api/v1/network-allow/{id}', { params: { path: { id: range.id } } });
        await refresh('/api/v1/network-allow');
      }}
    />
  ),
};

/** The private ranges that Waybill may dial. */
export function NetworkPage() {
  const can = useCan();
  const query = { limit: 100 };
  const list = api.useInfiniteQuery('get', '/api/v1/network-allow', { params: { query } }, byCursor);
  const mayWrite = can('network:write');
  return (
    <ListPage
      title="Network"
      noun="range"
      lead="Public addresses may be dialled. Private, loopback and link-local ones are refused unless a range here allows them."
      create={mayWrite && ['Allow a range', paths.network.create()]}
      rows={rowsOf(list.data) as NetworkAllow[]}
      columns={mayWrite ? [...COLUMNS, DELETE] : COLUMNS}
      feed={list}
      noneTitle="No private range is allowed"
      none="An endpoint in your own network needs one."
    />
  );
}
