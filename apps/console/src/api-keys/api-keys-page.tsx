import { Button } from '@mantine/core';
import type { ApiKey } from '@waybill/contracts/access.js';
import { useCan } from '../access/session.js';
import { api, byCursor, client, refresh, rowsOf } from '../api.js';
import { formatDay } from '../format.js';
import { paths } from '../paths.js';
import { useConfirm } from '../ui/confirm.js';
import { DataTable, type Column } from '../ui/data-table.js';
import { Go } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Mark, type MarkLook } from '../ui/mark.js';
import { Empty } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';
import { ROLE_WORDS } from '../words.js';

function keyLook({ revokedAt, expiresAt }: ApiKey): MarkLook {
  if (revokedAt !== null) return { word: 'Revoked', tone: 'mute', shape: 'slash' };
  if (expiresAt !== null && Date.parse(expiresAt) < Date.now())
    return { word: 'Expired', tone: 'mute', shape: 'cross' };
  return { word: 'Active', tone: 'ok', shape: 'check' };
}

const COLUMNS: Column<ApiKey>[] = [
  {
    key: 'state',
    header: 'State',
    width: '96px',
    cell: (key) => <Mark look={keyLook(key)} />,
    card: 'aside',
  },
  {
    key: 'name',
    header: 'Name',
    width: 'minmax(180px, 2fr)',
    cell: ({ name }) => <strong>{name}</strong>,
    card: 'title',
  },
  {
    key: 'prefix',
    header: 'Starts with',
    width: 'minmax(110px, 1fr)',
    cell: ({ prefix }) => <code>{prefix}…</code>,
  },
  { key: 'role', header: 'Role', width: '112px', cell: ({ role }) => ROLE_WORDS[role] },
  {
    key: 'used',
    header: 'Last used',
    width: '112px',
    cell: ({ lastUsedAt }) =>
      lastUsedAt === null ? <span className="faint">Never</span> : <Instant at={lastUsedAt} />,
  },
  {
    key: 'expires',
    header: 'Expires',
    width: '112px',
    cell: ({ expiresAt }) =>
      expiresAt === null ? <span className="faint">Never</span> : formatDay(expiresAt),
  },
];

/** The keys that programs use. */
export function ApiKeysPage() {
  const can = useCan();
  const confirm = useConfirm();
  const list = api.useInfiniteQuery(
    'get',
    '/api/v1/api-keys',
    { params: { query: { limit: 100 } } },
    byCursor,
  );
  const create = can('api-key:write') && (
    <Button component={Go} href={paths.apiKeys.create()} data-create>
      New API key
    </Button>
  );
  const revoke = async ({ id, name }: ApiKey) => {
    const sure = await confirm({
      title: `Revoke the API key ${name}?`,
      body: 'Programs that use it are refused at once. It cannot be taken back; make a new key instead.',
      confirm: 'Revoke the key',
      danger: true,
    });
    if (sure === false) return;
    try {
      await client.POST('/api/v1/api-keys/{id}/revoke', { params: { path: { id } } });
      await refresh('/api/v1/api-keys');
      toast.done(`Revoked: ${name}`);
    } catch (error) {
      toast.failed(error);
    }
  };
  const columns: Column<ApiKey>[] = [
    ...COLUMNS,
    {
      key: 'act',
      header: 'Actions',
      quiet: true,
      width: '76px',
      align: 'end',
      cell: (key) =>
        can('api-key:write') && key.revokedAt === null ? (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Revoke ${key.name}`}
            onClick={() => void revoke(key)}
          >
            Revoke
          </Button>
        ) : null,
    },
  ];
  return (
    <Page
      title="API keys"
      actions={create}
      lead={
        <>
          For your own programs. What they can do stands in the{' '}
          <a href="/api/docs" className="link">
            API reference
          </a>
          .
        </>
      }
    >
      <DataTable
        label="API keys"
        rows={rowsOf(list.data) as ApiKey[]}
        columns={columns}
        rowKey={({ id }) => id}
        feed={list}
        empty={
          <Empty title="No API key yet" action={create}>
            A program that starts transfers or reads their state needs one.
          </Empty>
        }
      />
    </Page>
  );
}
