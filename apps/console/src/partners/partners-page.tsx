import type { Partner } from '@waybill/contracts/partners.js';
import { useCan } from '../access/session.js';
import { api, byCursor, rowsOf } from '../api.js';
import { countOf, formatCount } from '../format.js';
import { ListPage } from '../list-page.js';
import { paths } from '../paths.js';
import type { Column } from '../ui/data-table.js';
import { ChoiceFilter, SearchFilter, useFilters } from '../ui/filters.js';
import { Go } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Mark, Tag } from '../ui/mark.js';
import { none } from '../ui/none.js';
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
    spare: true,
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
        aria-label={`${countOf(endpointCount, 'endpoint')} of ${name}`}
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
        aria-label={`${countOf(routeCount, 'route')} of ${name}`}
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
    cell: ({ lastTransfer }) => (lastTransfer === null ? none : <Instant at={lastTransfer.createdAt} />),
  },
];

/** The organisations that files are exchanged with. */
export function PartnersPage() {
  const can = useCan();
  const filters = useFilters(['search', 'tag'] as const);
  const { tag } = filters.filters;
  const query = { ...filters.filters, limit: 100 };
  const list = api.useInfiniteQuery('get', '/api/v1/partners', { params: { query } }, byCursor);
  const partners = rowsOf(list.data) as Partner[];
  const tags = [...new Set([...partners.flatMap((partner) => partner.tags), ...(tag ? [tag] : [])])].sort();
  return (
    <ListPage
      title="Partners"
      noun="partner"
      create={can('partner:write') && ['New partner', paths.partners.create()]}
      filters={filters}
      bar={
        <>
          <SearchFilter label="Name" {...filters.of('search')} />
          <ChoiceFilter
            label="Tag"
            choices={tags.map((one) => ({ value: one, label: one }))}
            {...filters.of('tag')}
          />
        </>
      }
      rows={partners}
      columns={COLUMNS}
      rowHref={({ id }) => paths.partners.one(id)}
      feed={list}
      none="A partner is an organisation that you exchange files with. Its endpoints come next."
    />
  );
}
