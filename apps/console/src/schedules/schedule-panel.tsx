import { useCan } from '../access/session.js';
import { api } from '../api.js';
import { ListPanel } from '../list-page.js';
import { paths } from '../paths.js';
import { Empty } from '../ui/notice.js';
import { SCHEDULE_COLUMNS } from './schedule-columns.js';

const COLUMNS = SCHEDULE_COLUMNS.filter(({ key }) => key !== 'route');

/** The schedules of a route, on its page. */
export function SchedulePanel({ filter }: { filter: { routeId: string } }) {
  const mayAdd = useCan()('schedule:write');
  const list = api.useQuery('get', '/api/v1/schedules', { params: { query: { ...filter, limit: 20 } } });
  return (
    <ListPanel
      title="Schedules"
      link={mayAdd && ['Add a schedule', paths.schedules.create(filter)]}
      rows={list.data?.items ?? []}
      columns={COLUMNS}
      rowHref={({ id }) => paths.schedules.one(id)}
      feed={list}
      empty={
        <Empty title="It runs only by hand or API">
          {mayAdd && 'Add a schedule, and it runs by itself.'}
        </Empty>
      }
    />
  );
}
