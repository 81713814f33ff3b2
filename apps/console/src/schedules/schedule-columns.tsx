import type { Schedule } from '@waybill/contracts/schedules.js';
import type { Column } from '../ui/data-table.js';
import { Instant, RelativeInstant } from '../ui/instant.js';
import { none } from '../ui/none.js';
import { Mark } from '../ui/mark.js';
import { HELD, OFF, ON } from '../words.js';
import { cronWords } from './cron-words.js';

/** How a schedule stands: it starts nothing while its route cannot start. */
export const scheduleLook = ({ enabled, route }: Schedule) =>
  !enabled ? OFF : route.held ? HELD : !route.enabled ? OFF : ON;

export const SCHEDULE_COLUMNS: Column<Schedule>[] = [
  {
    key: 'state',
    header: 'State',
    width: '84px',
    cell: (schedule) => <Mark look={scheduleLook(schedule)} />,
    card: 'aside',
  },
  { key: 'name', header: 'Schedule', width: 'minmax(136px, 1.6fr)', cell: ({ name }) => name, card: 'title' },
  { key: 'route', header: 'Route', width: 'minmax(136px, 1.6fr)', cell: ({ route }) => route.name },
  {
    key: 'when',
    header: 'When',
    width: 'minmax(140px, 1.8fr)',
    cell: ({ cron, timeZone }) => (
      <span data-hint={`${cron} in ${timeZone}`}>{cronWords(cron) ?? <code>{cron}</code>}</span>
    ),
  },
  {
    key: 'zone',
    header: 'Zone',
    width: '136px',
    cell: ({ timeZone }) => timeZone,
    card: 'hide',
    spare: true,
  },
  {
    key: 'next',
    header: 'Next run',
    width: '148px',
    cell: ({ nextRunAt, route }) =>
      nextRunAt === null || route.held || !route.enabled ? (
        <span className="faint">{route.held ? 'When released' : 'None'}</span>
      ) : (
        <span>
          <RelativeInstant due at={nextRunAt} /> · <Instant at={nextRunAt} />
        </span>
      ),
  },
  {
    key: 'last',
    header: 'Last run',
    width: '108px',
    align: 'end',
    cell: ({ lastRunAt }) => (lastRunAt === null ? none : <Instant at={lastRunAt} />),
    card: 'hide',
    spare: true,
  },
];
