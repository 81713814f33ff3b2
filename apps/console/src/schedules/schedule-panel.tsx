import { useCan } from '../access/session.js';
import { api } from '../api.js';
import { paths } from '../paths.js';
import { DataTable } from '../ui/data-table.js';
import { Section } from '../ui/facts.js';
import { Go } from '../ui/go.js';
import { Empty } from '../ui/notice.js';
import { SCHEDULE_COLUMNS } from './schedule-columns.js';

const COLUMNS = SCHEDULE_COLUMNS.filter(({ key }) => key !== 'route');

/** The schedules of a route, on its page. */
export function SchedulePanel({ filter }: { filter: { routeId: string } }) {
  const can = useCan();
  const list = api.useQuery('get', '/api/v1/schedules', { params: { query: { ...filter, limit: 20 } } });
  return (
    <Section
      title="Schedules"
      aside={
        can('schedule:write') && (
          <Go href={paths.schedules.create(filter)} className="link">
            Add a schedule
          </Go>
        )
      }
    >
      <DataTable
        label="Schedules"
        rows={list.data?.items ?? []}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.schedules.edit(id)}
        feed={list}
        empty={<Empty title="It runs only by hand or API">Add a schedule, and it runs by itself.</Empty>}
      />
    </Section>
  );
}
