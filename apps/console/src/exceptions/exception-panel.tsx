import type { Exception } from '@waybill/contracts/exceptions.js';
import { api } from '../api.js';
import { ListPanel } from '../list-page.js';
import { paths } from '../paths.js';
import { EXCEPTION_COLUMNS, ExceptionDetail } from './exception-rows.js';

const SHOWN = 20;
const COLUMNS = EXCEPTION_COLUMNS.filter(({ key }) => key !== 'endpoint').map((column) =>
  column.key === 'what' ? { ...column, card: 'title' as const } : column,
);

/** The exceptions of an endpoint, on its page; nothing where it never had one. */
export function ExceptionPanel({ filter }: { filter: { endpointId: string } }) {
  const list = api.useQuery('get', '/api/v1/exceptions', { params: { query: { ...filter, limit: SHOWN } } });
  const rows = (list.data?.items ?? []) as Exception[];
  if (rows.length === 0) return null;
  return (
    <ListPanel
      title="Exceptions"
      link={['All exceptions', paths.exceptions.list(filter)]}
      rows={rows}
      columns={COLUMNS}
      feed={list}
      detail={(exception) => <ExceptionDetail exception={exception} />}
      empty={null}
    />
  );
}
