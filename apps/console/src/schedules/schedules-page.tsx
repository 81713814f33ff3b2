import { useCan } from '../access/session.js';
import { api, byCursor, rowsOf } from '../api.js';
import { ListPage, YesNoFilter, type YesNo } from '../list-page.js';
import { paths } from '../paths.js';
import { PartnerFilter, RouteFilter } from '../pickers.js';
import { SearchFilter, useFilters } from '../ui/filters.js';
import { SCHEDULE_COLUMNS } from './schedule-columns.js';

/** When routes run by themselves. */
export function SchedulesPage() {
  const can = useCan();
  const filters = useFilters(['search', 'routeId', 'partnerId', 'enabled'] as const);
  const query = { ...filters.filters, enabled: filters.filters.enabled as YesNo, limit: 100 };
  const list = api.useInfiniteQuery('get', '/api/v1/schedules', { params: { query } }, byCursor);
  return (
    <ListPage
      title="Schedules"
      noun="schedule"
      create={can('schedule:write') && ['New schedule', paths.schedules.create()]}
      filters={filters}
      bar={
        <>
          <SearchFilter label="Name" {...filters.of('search')} />
          <RouteFilter {...filters.of('routeId')} />
          <PartnerFilter {...filters.of('partnerId')} />
          <YesNoFilter label="State" yes="On" no="Off" {...filters.of('enabled')} />
        </>
      }
      rows={rowsOf(list.data)}
      columns={SCHEDULE_COLUMNS}
      rowHref={({ id }) => paths.schedules.one(id)}
      feed={list}
      none="A schedule runs a route by itself: every quarter of an hour, at six on working days, at the month's end."
    />
  );
}
