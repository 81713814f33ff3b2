import type { Credential } from '@waybill/contracts/credentials.js';
import { useCan } from '../access/session.js';
import { api, byCursor, rowsOf } from '../api.js';
import { formatCount } from '../format.js';
import { ListPage } from '../list-page.js';
import { paths } from '../paths.js';
import { PartnerFilter } from '../pickers.js';
import type { Column } from '../ui/data-table.js';
import { SearchFilter, useFilters } from '../ui/filters.js';
import { Mark } from '../ui/mark.js';
import { RelativeInstant } from '../ui/instant.js';
import { none } from '../ui/none.js';

const COLUMNS: Column<Credential>[] = [
  { key: 'name', header: 'Credential', width: 'minmax(160px, 2fr)', cell: ({ name }) => name, card: 'title' },
  {
    key: 'username',
    header: 'User name',
    width: 'minmax(110px, 1fr)',
    cell: ({ username }) => <code>{username}</code>,
  },
  {
    key: 'password',
    header: 'Password',
    width: '96px',
    cell: ({ hasPassword }) => (
      <Mark
        look={
          hasPassword
            ? { word: 'Sealed', tone: 'ok', shape: 'check' }
            : { word: 'Missing', tone: 'warn', shape: 'question' }
        }
      />
    ),
    card: 'aside',
  },
  {
    key: 'hosts',
    header: 'Sealed for',
    width: 'minmax(160px, 2fr)',
    cell: ({ sealedFor }) =>
      sealedFor.length === 0 ? none : <span data-hint={sealedFor.join(', ')}>{sealedFor.join(', ')}</span>,
  },
  {
    key: 'endpoints',
    header: 'Endpoints',
    width: '80px',
    align: 'end',
    cell: ({ endpointCount }) => formatCount(endpointCount),
    spare: true,
  },
  {
    key: 'age',
    header: 'Password set',
    width: '104px',
    align: 'end',
    cell: ({ rotatedAt }) => <RelativeInstant at={rotatedAt} />,
  },
];

/** The logins, without their passwords: those are sealed and cannot be read here. */
export function CredentialsPage() {
  const can = useCan();
  const filters = useFilters(['search', 'partnerId'] as const);
  const query = { ...filters.filters, limit: 100 };
  const list = api.useInfiniteQuery('get', '/api/v1/credentials', { params: { query } }, byCursor);
  return (
    <ListPage
      title="Credentials"
      noun="credential"
      create={can('credential:write') && ['New credential', paths.credentials.create()]}
      filters={filters}
      bar={
        <>
          <SearchFilter label="Name" {...filters.of('search')} />
          <PartnerFilter {...filters.of('partnerId')} />
        </>
      }
      rows={rowsOf(list.data)}
      columns={COLUMNS}
      rowHref={({ id }) => paths.credentials.one(id)}
      feed={list}
      none="An endpoint with a user name and a password of its own has one made for it. One that is made here serves several."
    />
  );
}
