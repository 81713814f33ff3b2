import { Button } from '@mantine/core';
import type { User } from '@waybill/contracts/access.js';
import { useCan } from '../access/session.js';
import { api, byCursor, rowsOf } from '../api.js';
import { paths } from '../paths.js';
import { DataTable, type Column } from '../ui/data-table.js';
import { FilterBar, SearchFilter, useFilters } from '../ui/filters.js';
import { Go } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Mark } from '../ui/mark.js';
import { Empty } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { ROLE_WORDS } from '../words.js';
import { userLook } from './user-look.js';

const COLUMNS: Column<User>[] = [
  {
    key: 'state',
    header: 'State',
    width: '96px',
    cell: (user) => <Mark look={userLook(user)} />,
    card: 'aside',
  },
  { key: 'name', header: 'Name', width: 'minmax(180px, 1.6fr)', cell: ({ name }) => name, card: 'title' },
  {
    key: 'email',
    header: 'E-mail',
    width: 'minmax(200px, 2fr)',
    cell: ({ email }) => <span data-hint={email}>{email}</span>,
  },
  { key: 'role', header: 'Role', width: '112px', cell: ({ role }) => ROLE_WORDS[role] },
  {
    key: 'last',
    header: 'Last sign-in',
    width: '112px',
    align: 'end',
    cell: ({ lastSignInAt }) =>
      lastSignInAt === null ? <span className="faint">Never</span> : <Instant at={lastSignInAt} />,
  },
];

/** The people who may sign in. */
export function UsersPage() {
  const { filters, setFilters, clear, isFiltered } = useFilters(['search'] as const);
  const can = useCan();
  const list = api.useInfiniteQuery(
    'get',
    '/api/v1/users',
    { params: { query: { ...filters, limit: 100 } } },
    byCursor,
  );
  const create = can('user:write') && (
    <Button component={Go} href={paths.users.create()} data-create>
      New user
    </Button>
  );
  return (
    <Page title="Users" actions={create}>
      <FilterBar onClear={isFiltered && clear}>
        <SearchFilter
          label="Name or e-mail"
          value={filters.search}
          onChange={(search) => setFilters({ search })}
        />
      </FilterBar>
      <DataTable
        label="Users"
        rows={rowsOf(list.data) as User[]}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.users.edit(id)}
        feed={list}
        empty={<Empty title="No user fits">Check the spelling.</Empty>}
      />
    </Page>
  );
}
