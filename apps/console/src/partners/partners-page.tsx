import { Button } from '@mantine/core';
import type { Partner } from '@waybill/contracts/partners.js';
import { useCan } from '../access/session.js';
import { api, byCursor, rowsOf } from '../api.js';
import { formatCount } from '../format.js';
import { paths } from '../paths.js';
import { DataTable, type Column } from '../ui/data-table.js';
import { ChoiceFilter, FilterBar, SearchFilter, useFilters } from '../ui/filters.js';
import { Go } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Mark, Tag } from '../ui/mark.js';
import { Empty } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { transferLook } from '../words.js';
import classes from './partners.module.css';

const COLUMNS: Column<Partner>[] = [
  { key: 'name', header: 'Partner', width: 'minmax(220px, 2.4fr)', cell: ({ name }) => name, card: 'title' },
  {
    key: 'tags',
    header: 'Tags',
    width: 'minmax(100px, 1fr)',
    cell: ({ tags }) =>
      tags.length === 0 ? null : (
        <span className={classes.tags}>
          {tags.map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
        </span>
      ),
    card: 'hide',
  },
  {
    key: 'endpoints',
    header: 'Endpoints',
    width: '80px',
    align: 'end',
    cell: ({ id, name, endpointCount }) => (
      <Go
        href={paths.endpoints.list({ partnerId: id })}
        className="link"
        aria-label={`${endpointCount} endpoints of ${name}`}
      >
        {formatCount(endpointCount)}
      </Go>
    ),
  },
  {
    key: 'routes',
    header: 'Routes',
    width: '64px',
    align: 'end',
    cell: ({ id, name, routeCount }) => (
      <Go
        href={paths.routes.list({ partnerId: id })}
        className="link"
        aria-label={`${routeCount} routes of ${name}`}
      >
        {formatCount(routeCount)}
      </Go>
    ),
  },
  {
    key: 'last',
    header: 'Last result',
    width: '112px',
    cell: ({ lastTransfer }) =>
      lastTransfer === null ? (
        <span className="faint">None yet</span>
      ) : (
        <Mark look={transferLook(lastTransfer.state)} />
      ),
    card: 'aside',
  },
  {
    key: 'lastAt',
    header: 'Last transfer',
    width: '108px',
    align: 'end',
    cell: ({ lastTransfer }) =>
      lastTransfer === null ? <span className="faint">—</span> : <Instant at={lastTransfer.createdAt} />,
  },
];

/** The organisations that files are exchanged with. */
export function PartnersPage() {
  const { filters, setFilters, clear, isFiltered } = useFilters(['search', 'tag'] as const);
  const can = useCan();
  const list = api.useInfiniteQuery(
    'get',
    '/api/v1/partners',
    { params: { query: { ...filters, limit: 100 } } },
    byCursor,
  );
  const partners = rowsOf(list.data) as Partner[];
  const tags = [
    ...new Set([...partners.flatMap((partner) => partner.tags), ...(filters.tag ? [filters.tag] : [])]),
  ].sort();
  const create = can('partner:write') && (
    <Button component={Go} href={paths.partners.create()} data-create>
      New partner
    </Button>
  );
  return (
    <Page title="Partners" actions={create}>
      <FilterBar onClear={isFiltered && clear}>
        <SearchFilter label="Name" value={filters.search} onChange={(search) => setFilters({ search })} />
        <ChoiceFilter
          label="Tag"
          choices={tags.map((tag) => ({ value: tag, label: tag }))}
          value={filters.tag}
          onChange={(tag) => setFilters({ tag })}
        />
      </FilterBar>
      <DataTable
        label="Partners"
        rows={partners}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        rowHref={({ id }) => paths.partners.one(id)}
        feed={list}
        empty={
          isFiltered ? (
            <Empty title="No partner fits these filters">Check the spelling, or take a filter away.</Empty>
          ) : (
            <Empty title="No partner yet" action={create}>
              A partner is an organisation that you exchange files with. Make the first, then give it an
              endpoint.
            </Empty>
          )
        }
      />
    </Page>
  );
}
