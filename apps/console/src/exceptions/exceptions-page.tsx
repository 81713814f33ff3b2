import type { Exception, ExceptionState } from '@waybill/contracts/exceptions.js';
import { useCan } from '../access/session.js';
import { api, byCursor, rowsOf } from '../api.js';
import { ListPage } from '../list-page.js';
import { paths } from '../paths.js';
import { EndpointFilter } from '../pickers.js';
import { ChoiceFilter, useFilters } from '../ui/filters.js';
import { EXCEPTION_STATES } from '../words.js';
import { EXCEPTION_COLUMNS, ExceptionDetail } from './exception-rows.js';

const STATES = Object.entries(EXCEPTION_STATES).map(([value, { word }]) => ({ value, label: word }));

/** All exceptions: what waits for approval, what is in force, what was. */
export function ExceptionsPage() {
  const can = useCan();
  const filters = useFilters(['state', 'endpointId'] as const);
  const query = {
    ...filters.filters,
    state: filters.filters.state as ExceptionState | undefined,
    limit: 100,
  };
  const list = api.useInfiniteQuery('get', '/api/v1/exceptions', { params: { query } }, byCursor);
  return (
    <ListPage
      title="Exceptions"
      noun="exception"
      lead="What weakens protection or proof is permitted by these alone, each with a reason and an end."
      create={can('exception:request') && ['Ask for an exception', paths.exceptions.create()]}
      filters={filters}
      bar={
        <>
          <ChoiceFilter label="State" choices={STATES} {...filters.of('state')} />
          <EndpointFilter {...filters.of('endpointId')} />
        </>
      }
      rows={rowsOf(list.data) as Exception[]}
      columns={EXCEPTION_COLUMNS}
      feed={list}
      detail={(exception) => <ExceptionDetail exception={exception} />}
      none="A server without encryption, or one that nothing can be verified at, needs one. It is better to need none."
    />
  );
}
