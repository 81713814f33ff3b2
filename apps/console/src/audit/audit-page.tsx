import { AUDIT_ACTION_NAMES, type AuditAction } from '@waybill/contracts/audit-actions.js';
import type { AuditEvent } from '@waybill/contracts/audit-events.js';
import { useMemo } from 'react';
import { api, byCursor, rowsOf } from '../api.js';
import { PartnerFilter } from '../pickers.js';
import { DataTable, type Column } from '../ui/data-table.js';
import { ChoiceFilter, FilterBar, SearchFilter, useFilters } from '../ui/filters.js';
import { Instant } from '../ui/instant.js';
import { Mark } from '../ui/mark.js';
import { Empty } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { PeriodFilter, periodOf } from '../ui/period-filter.js';
import { ACTOR_KINDS, actionWords, OUTCOMES } from '../words.js';
import { EventDetail } from './event-detail.js';

const FILTERS = [
  'search',
  'action',
  'outcome',
  'period',
  'objectKind',
  'objectId',
  'actorId',
  'partnerId',
] as const;
const ACTIONS = AUDIT_ACTION_NAMES.map((action) => ({ value: action as string, label: actionWords(action) }));
const KINDS = [...new Set(AUDIT_ACTION_NAMES.map((action) => action.split('.')[0] ?? ''))]
  .filter((kind) => kind !== 'audit' && kind !== 'access')
  .map((kind) => ({ value: kind, label: actionWords(kind) }));
const OUTCOME_CHOICES = Object.entries(OUTCOMES).map(([value, look]) => ({
  value,
  label: look.word,
  mark: <Mark look={look} />,
}));

const COLUMNS: Column<AuditEvent>[] = [
  { key: 'at', header: 'When', width: '112px', cell: ({ occurredAt }) => <Instant at={occurredAt} /> },
  {
    key: 'action',
    header: 'What',
    width: 'minmax(170px, 1.5fr)',
    cell: ({ action }) => actionWords(action),
    card: 'title',
  },
  {
    key: 'object',
    header: 'To what',
    width: 'minmax(170px, 2fr)',
    cell: ({ object }) => (
      <span data-hint={object.name}>{object.name === '' ? actionWords(object.kind) : object.name}</span>
    ),
  },
  {
    key: 'actor',
    header: 'Who',
    width: 'minmax(120px, 1.2fr)',
    cell: ({ actor }) => (actor.name === '' ? ACTOR_KINDS[actor.kind] : actor.name),
  },
  {
    key: 'origin',
    header: 'From',
    width: '120px',
    cell: ({ originIp }) => (originIp === null ? <span className="faint">—</span> : <code>{originIp}</code>),
    card: 'hide',
  },
  {
    key: 'outcome',
    header: 'Outcome',
    width: '104px',
    cell: ({ outcome }) => <Mark look={OUTCOMES[outcome]} />,
    card: 'aside',
  },
];

/** Who did what to what, when, from where, with what outcome. */
export function AuditPage() {
  const { filters, setFilters, clear, isFiltered } = useFilters(FILTERS);
  const { period, action, outcome, ...same } = filters;
  const range = useMemo(() => periodOf(period), [period]);
  const query = {
    ...same,
    ...range,
    action: action as AuditAction | undefined,
    outcome: outcome as AuditEvent['outcome'] | undefined,
    limit: 100,
  };
  const list = api.useInfiniteQuery('get', '/api/v1/audit-events', { params: { query } }, byCursor);
  return (
    <Page title="Audit log" lead="Reading this log is an event of its own.">
      <FilterBar onClear={isFiltered && clear}>
        <SearchFilter
          label="Actor or object"
          value={filters.search}
          onChange={(search) => setFilters({ search })}
        />
        <PeriodFilter value={period} onChange={(next) => setFilters({ period: next })} />
        <ChoiceFilter
          label="Action"
          findable
          choices={ACTIONS}
          value={action}
          onChange={(next) => setFilters({ action: next })}
        />
        <ChoiceFilter
          label="Outcome"
          choices={OUTCOME_CHOICES}
          value={outcome}
          onChange={(next) => setFilters({ outcome: next })}
        />
        <ChoiceFilter
          label="Object"
          choices={KINDS}
          value={filters.objectKind}
          onChange={(objectKind) => setFilters({ objectKind })}
        />
        <PartnerFilter value={filters.partnerId} onChange={(partnerId) => setFilters({ partnerId })} />
        {filters.objectId !== undefined && (
          <ChoiceFilter
            label="One thing"
            choices={[{ value: filters.objectId, label: filters.objectId.slice(0, 8) }]}
            value={filters.objectId}
            onChange={(objectId) => setFilters({ objectId })}
          />
        )}
        {filters.actorId !== undefined && (
          <ChoiceFilter
            label="One actor"
            choices={[{ value: filters.actorId, label: filters.actorId.slice(0, 8) }]}
            value={filters.actorId}
            onChange={(actorId) => setFilters({ actorId })}
          />
        )}
      </FilterBar>
      <DataTable
        label="Audit events"
        rows={rowsOf(list.data) as AuditEvent[]}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        feed={list}
        detail={(event) => <EventDetail event={event} onFilter={setFilters} />}
        empty={
          <Empty title={isFiltered ? 'No event fits these filters' : 'No event yet'}>
            {isFiltered
              ? 'Take one away, or choose a longer period.'
              : 'Everything that is done is written down here.'}
          </Empty>
        }
      />
    </Page>
  );
}
