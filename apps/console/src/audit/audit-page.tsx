import { AUDIT_ACTION_NAMES, type AuditAction } from '@waybill/contracts/audit-actions.js';
import type { AuditEvent } from '@waybill/contracts/audit-events.js';
import { useMemo } from 'react';
import { api, byCursor, rowsOf } from '../api.js';
import { ListPage } from '../list-page.js';
import { PartnerFilter } from '../pickers.js';
import type { Column } from '../ui/data-table.js';
import { ChoiceFilter, choicesOf, SearchFilter, useFilters } from '../ui/filters.js';
import { Instant } from '../ui/instant.js';
import { Mark } from '../ui/mark.js';
import { none } from '../ui/none.js';
import { periodOf } from '../ui/period.js';
import { PeriodFilter } from '../ui/period-filter.js';
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

const COLUMNS: Column<AuditEvent>[] = [
  { key: 'at', header: 'When', width: '112px', cell: ({ occurredAt }) => <Instant at={occurredAt} /> },
  {
    key: 'action',
    header: 'What',
    width: 'minmax(136px, 1.5fr)',
    cell: ({ action }) => actionWords(action),
    card: 'title',
  },
  {
    key: 'object',
    header: 'To what',
    width: 'minmax(136px, 2fr)',
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
    cell: ({ originIp }) => (originIp === null ? none : <code>{originIp}</code>),
    card: 'hide',
    spare: true,
  },
  {
    key: 'outcome',
    header: 'Outcome',
    width: '104px',
    cell: ({ outcome }) => <Mark look={OUTCOMES[outcome]} />,
    card: 'aside',
  },
];

interface Named {
  id: string | null;
  name: string;
}

/** Who did what to what, when, from where, with what outcome. */
export function AuditPage() {
  const filters = useFilters(FILTERS);
  const { period, action, outcome, ...same } = filters.filters;
  const range = useMemo(() => periodOf(period), [period]);
  const query = {
    ...same,
    ...range,
    action: action as AuditAction | undefined,
    outcome: outcome as AuditEvent['outcome'] | undefined,
    limit: 100,
  };
  const list = api.useInfiniteQuery('get', '/api/v1/audit-events', { params: { query } }, byCursor);
  const rows = rowsOf(list.data) as AuditEvent[];
  /** A filter by one thing, which is there only while it is set; named as the newest event names it. */
  const one = (label: string, key: 'objectId' | 'actorId', named: (event: AuditEvent) => Named) => {
    const id = filters.filters[key];
    if (id === undefined) return null;
    const name = rows.map(named).find((each) => each.id === id)?.name;
    // The first digits of an id are its time, which many share.
    const choices = [{ value: id, label: name || `…${id.slice(-8)}` }];
    return <ChoiceFilter label={label} choices={choices} {...filters.of(key)} />;
  };
  return (
    <ListPage
      title="Audit log"
      noun="event"
      lead="Reading this log is an event of its own."
      filters={filters}
      bar={
        <>
          <SearchFilter label="Actor or object" {...filters.of('search')} />
          <PeriodFilter {...filters.of('period')} />
          <ChoiceFilter label="Action" findable choices={ACTIONS} {...filters.of('action')} />
          <ChoiceFilter label="Outcome" choices={choicesOf(OUTCOMES)} {...filters.of('outcome')} />
          <ChoiceFilter label="Object" choices={KINDS} {...filters.of('objectKind')} />
          <PartnerFilter {...filters.of('partnerId')} />
          {one('One thing', 'objectId', ({ object }) => object)}
          {one('One actor', 'actorId', ({ actor }) => actor)}
        </>
      }
      rows={rows}
      columns={COLUMNS}
      feed={list}
      detail={(event) => <EventDetail event={event} onFilter={filters.setOnly} />}
      none="Everything that is done is written down here."
    />
  );
}
