import { Button } from '@mantine/core';
import type { NetworkAllow } from '@waybill/contracts/network.js';
import { useCan } from '../access/session.js';
import { api, byCursor, client, refresh, rowsOf } from '../api.js';
import { paths } from '../paths.js';
import { DataTable, type Column } from '../ui/data-table.js';
import { DeleteButton } from '../ui/delete-button.js';
import { Go } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Empty } from '../ui/notice.js';
import { Page } from '../ui/page.js';

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

/** The private ranges that Waybill may dial. */
export function NetworkPage() {
  const can = useCan();
  const list = api.useInfiniteQuery(
    'get',
    '/api/v1/network-allow',
    { params: { query: { limit: 100 } } },
    byCursor,
  );
  const mayWrite = can('network:write');
  const create = mayWrite && (
    <Button component={Go} href={paths.network.create()} data-create>
      Allow a range
    </Button>
  );
  const columns: Column<NetworkAllow>[] = mayWrite
    ? [
        ...COLUMNS,
        {
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
              remove={() =>
                client.DELETE('/api/v1/network-allow/{id}', { params: { path: { id: range.id } } })
              }
              done={() => refresh('/api/v1/network-allow')}
            />
          ),
        },
      ]
    : COLUMNS;
  return (
    <Page
      title="Network"
      actions={create}
      lead="Public addresses may be dialled. Private, loopback and link-local ones are refused unless a range here allows them."
    >
      <DataTable
        label="Allowed ranges"
        rows={rowsOf(list.data) as NetworkAllow[]}
        columns={columns}
        rowKey={({ id }) => id}
        feed={list}
        empty={
          <Empty title="No private range is allowed" action={create}>
            Allow one when an endpoint stands in your own network.
          </Empty>
        }
      />
    </Page>
  );
}
