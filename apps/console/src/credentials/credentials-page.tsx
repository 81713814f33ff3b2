import { Button } from '@mantine/core';
import type { Credential } from '@waybill/contracts/credentials.js';
import { useCan } from '../access/session.js';
import { api, byCursor, rowsOf } from '../api.js';
import { formatCount } from '../format.js';
import { paths } from '../paths.js';
import { PartnerFilter } from '../pickers.js';
import { DataTable, type Column } from '../ui/data-table.js';
import { FilterBar, SearchFilter, useFilters } from '../ui/filters.js';
import { Go } from '../ui/go.js';
import { Mark } from '../ui/mark.js';
import { RelativeInstant } from '../ui/instant.js';
import { Empty } from '../ui/notice.js';
import { Page } from '../ui/page.js';

const COLUMNS: Column<Credential>[] = [
  { key: 'name', header: 'Credential', width: 'minmax(180px, 2fr)', cell: ({ name }) => name, card: 'title' },
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
      sealedFor.length === 0 ? (
        <span className="faint">—</span>
      ) : (
        <span data-hint={sealedFor.join(', ')}>{sealedFor.join(', ')}</span>
      ),
  },
  {
    key: 'endpoints',
    header: 'Endpoints',
    width: '80px',
    align: 'end',
    cell: ({ endpointCount }) => formatCount(endpointCount),
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
  const { filters, setFilters, clear, isFiltered } = useFilters(['search', 'partnerId'] as const);
  const can = useCan();
  const list = api.useInfiniteQuery(
    'get',
    '/api/v1/credentials',
    { params: { query: { ...filters, limit: 100 } } },
    byCursor,
  );
  const create = can('credential:write') && (
    <Button component={Go} href={paths.credentials.create()} data-create>
      New credential
    </Button>
  );
  return (
    <Page title="Credentials" actions={create}>
      <FilterBar onClear={isFiltered && clear}>
        <SearchFilter label="Name" value={filters.search} onChange={(search) => setFilters({ search })} />
        <PartnerFilter value={filters.partnerId} onChange={(partnerId) => setFilters({ partnerId })} />
      </FilterBar>
      <DataTable
        label="Credentials"
        rows={rowsOf(list.data)}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.credentials.edit(id)}
        feed={list}
        empty={
          isFiltered ? (
            <Empty title="No credential fits these filters">Check the spelling, or take a filter away.</Empty>
          ) : (
            <Empty title="No credential yet" action={create}>
              An endpoint makes its own when you give it a user name and password. Make one here to use it for
              several.
            </Empty>
          )
        }
      />
    </Page>
  );
}
