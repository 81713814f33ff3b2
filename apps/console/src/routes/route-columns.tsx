import type { Route } from '@waybill/contracts/routes.js';
import { NameWithDeviations } from '../name-with-deviations.js';
import type { Column } from '../ui/data-table.js';
import { Instant, RelativeInstant } from '../ui/instant.js';
import { none } from '../ui/none.js';
import { Mark, type MarkLook } from '../ui/mark.js';
import { HELD, OFF, ON, transferLook } from '../words.js';

/** How a route stands: with an endpoint on hold, so is the route. */
export function routeLook({ heldAt, enabled, source, target }: Route): MarkLook {
  if (heldAt !== null) return HELD;
  if (!enabled) return OFF;
  return source.held || target.held ? HELD : ON;
}

export const ROUTE_COLUMNS: Column<Route>[] = [
  {
    key: 'state',
    header: 'State',
    width: '84px',
    cell: (route) => <Mark look={routeLook(route)} />,
    card: 'aside',
  },
  {
    key: 'name',
    header: 'Route',
    width: 'minmax(170px, 2fr)',
    cell: ({ name, source, target }) => (
      <NameWithDeviations deviations={[...source.deviations, ...target.deviations]}>
        {name}
      </NameWithDeviations>
    ),
    card: 'title',
  },
  {
    key: 'way',
    header: 'From and to',
    width: 'minmax(180px, 2.2fr)',
    cell: ({ source, target }) => (
      <span data-hint={`${source.name} → ${target.name}`}>
        {source.name} → {target.name}
      </span>
    ),
  },
  {
    key: 'files',
    header: 'Files',
    width: 'minmax(70px, 0.6fr)',
    cell: ({ filePattern }) => <code>{filePattern}</code>,
    spare: true,
  },
  {
    key: 'next',
    header: 'Next run',
    width: '96px',
    cell: ({ nextRunAt }) => (nextRunAt === null ? none : <RelativeInstant due at={nextRunAt} />),
  },
  {
    key: 'last',
    header: 'Last result',
    width: '112px',
    cell: ({ lastTransfer }) =>
      lastTransfer === null ? (
        <span className="faint">Never ran</span>
      ) : (
        <Mark look={transferLook(lastTransfer.state)} />
      ),
  },
  {
    key: 'lastAt',
    header: 'Last run',
    width: '108px',
    align: 'end',
    cell: ({ lastTransfer }) => (lastTransfer === null ? none : <Instant at={lastTransfer.createdAt} />),
    card: 'hide',
    spare: true,
  },
];
