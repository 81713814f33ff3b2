import { Button } from '@mantine/core';
import type { ApiKey } from '@waybill/contracts/access.js';
import { useCan } from '../access/session.js';
import { api, byCursor, client, refresh, rowsOf } from '../api.js';
import { formatDay } from '../format.js';
import { ListPage } from '../list-page.js';
import { paths } from '../paths.js';
import { act } from '../ui/act.js';
import { useConfirm } from '../ui/confirm.js';
import type { Column } from '../ui/data-table.js';
import { Instant } from '../ui/instant.js';
import { Mark, type MarkLook } from '../ui/mark.js';
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
    cell: ({ name }) => name,
    card: 'title',
  },
  {
    key: 'prefix',
    header: 'Starts with',
    width: 'minmax(110px, 1fr)',
    cell: ({ prefix }) => <code>{prefix}…</code>,
    spare: true,
  },
  { key: 'role', header: 'Role', width: '112px', cell: ({ role }) => ROLE_WORDS[role] },
  {
    key: 'used',
    header: 'Last used',
    width: '112px',
    cell: ({ lastUsedAt }) =>
      lastUsedAt === null ? <span className="faint">Never</span> : <Instant at={lastUsedAt} />,
    spare: true,
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
  const query = { limit: 100 };
  const list = api.useInfiniteQuery('get', '/api/v1/api-keys', { params: { query } }, byCursor);
  const mayWrite = can('api-key:write');
  return (
    <ListPage
      title="API keys"
      noun="API key"
      lead={
        <>
          For your own programs. What they can do stands in the{' '}
          <a href="/api/docs" className="link">
            API reference
          </a>
          .
        </>
      }
      create={mayWrite && ['New API key', paths.apiKeys.create()]}
      rows={rowsOf(list.data) as ApiKey[]}
      columns={mayWrite ? [...COLUMNS, REVOKE] : COLUMNS}
      feed={list}
      none="A program that starts transfers or reads their state needs one."
    />
  );
}

const REVOKE: Column<ApiKey> = {
  key: 'act',
  header: 'Actions',
  quiet: true,
  width: '76px',
  align: 'end',
  card: 'line',
  cell: (key) => (key.revokedAt === null ? <RevokeButton apiKey={key} /> : null),
};

function RevokeButton({ apiKey: { id, name } }: { apiKey: ApiKey }) {
  const confirm = useConfirm();
  const revoke = async () => {
    const sure = await confirm({
      title: `Revoke the API key “${name}”?`,
      body: 'Programs that use it are refused at once. It cannot be taken back; make a new key instead.',
      confirm: 'Revoke the key',
      danger: true,
    });
    if (sure === false) return;
    await act(async () => {
      await client.POST('/api/v1/api-keys/{id}/revoke', { params: { path: { id } } });
      await refresh('/api/v1/api-keys');
    }, `Revoked: ${name}`);
  };
  return (
    <Button size="compact-sm" variant="default" aria-label={`Revoke ${name}`} onClick={() => void revoke()}>
      Revoke
    </Button>
  );
}
