import type { User } from '@waybill/contracts/access.js';
import { useCan } from '../access/session.js';
import { api, byCursor, rowsOf } from '../api.js';
import { ListPage } from '../list-page.js';
import { paths } from '../paths.js';
import type { Column } from '../ui/data-table.js';
import { SearchFilter, useFilters } from '../ui/filters.js';
import { Instant } from '../ui/instant.js';
import { Mark } from '../ui/mark.js';
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
    spare: true,
  },
];

/** The people who may sign in. */
export function UsersPage() {
  const can = useCan();
  const filters = useFilters(['search'] as const);
  const query = { ...filters.filters, limit: 100 };
  const list = api.useInfiniteQuery('get', '/api/v1/users', { params: { query } }, byCursor);
  return (
    <ListPage
      title="Users"
      noun="user"
      create={can('user:write') && ['New user', paths.users.create()]}
      filters={filters}
      bar={<SearchFilter label="Name or e-mail" {...filters.of('search')} />}
      rows={rowsOf(list.data) as User[]}
      columns={COLUMNS}
      rowHref={({ id }) => paths.users.one(id)}
      feed={list}
      none="Whoever may sign in stands here."
    />
  );
}
