import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { IconChevronRight } from '@tabler/icons-react';
import { Button } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useRef, useState, type CSSProperties, type ReactNode } from 'react';
import classes from './data-table.module.css';
import { Failure } from './failure.js';
import { Go } from './go.js';
import { heightsLeft, keepLeft, rowLeft, useFocusOnReturn } from './left-lists.js';

export interface Column<Row> {
  key: string;
  header: string;
  /** A track of the grid, as in "120px" or "minmax(160px, 2fr)". */
  width: string;
  cell: (row: Row) => ReactNode;
  align?: 'end';
  /** The header is read out, not shown. */
  quiet?: boolean;
  /** Left out where the page is less wide than all columns need. */
  spare?: boolean;
  /** On a narrow screen a row becomes a card: its title, what stands beside it, a labelled line, or nothing. */
  card?: 'title' | 'aside' | 'line' | 'hide';
  /** What the line of a card is labelled with, where that is not the header. Null: with nothing. */
  cardLabel?: (row: Row) => string | null;
}

/** What a list needs to know of the query behind it. */
export interface Feed {
  isPending: boolean;
  error: unknown;
  refetch: () => unknown;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => unknown;
  isPlaceholderData?: boolean;
}

export interface DataTableProps<Row> {
  label: string;
  rows: Row[];
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  rowHref?: (row: Row) => string;
  feed?: Feed;
  empty: ReactNode;
  /** What a row shows when it is opened; gives every row a button for it. */
  detail?: (row: Row) => ReactNode;
  /** A few rows are expected, and little room is kept for them while they are read. */
  isShort?: boolean;
}

/** More rows than this are drawn only where they can be seen. */
const VIRTUAL_FROM = 60;
const ROW_PX = 33;
const CARD_PX = 96;

/**
 * A list as a table: rows are links, `j` and `k` walk over them, long lists are drawn only where they are seen
 * and read on when their end comes near; on a narrow screen each row is a card.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, rows, columns, rowKey, feed, empty, detail } = props;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const body = useRef<HTMLDivElement>(null);
  const [offsetTop, setOffsetTop] = useState(0);
  const virtual = rows.length > VIRTUAL_FROM;
  useLayoutEffect(() => {
    const top = (body.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
    setOffsetTop(Math.round(top));
  }, [virtual, rows.length]);
  const { pathname, searchStr } = useLocation();
  const place = `${label} ${pathname}${searchStr}`;
  const virtualizer = useWindowVirtualizer({
    count: virtual ? rows.length : 0,
    initialMeasurementsCache: heightsLeft.get(place) ?? [],
    estimateSize: () => (window.innerWidth <= 760 ? CARD_PX : ROW_PX),
    overscan: 12,
    scrollMargin: offsetTop,
    getItemKey: (index) => rowKey(rows[index] as Row),
  });
  useEffect(
    () => () => {
      const heights = virtualizer.measurementsCache;
      if (heights.length > 0) keepLeft(heightsLeft, place, heights);
    },
    [virtualizer, place],
  );
  useFocusOnReturn(body, place, rows.length > 0);
  const items = virtualizer.getVirtualItems();
  const lastSeen = virtual ? (items.at(-1)?.index ?? 0) : rows.length - 1;
  const nearEnd = lastSeen >= rows.length - 15;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = feed ?? {};
  useEffect(() => {
    if (virtual && nearEnd && hasNextPage && !isFetchingNextPage) void fetchNextPage?.();
  }, [virtual, nearEnd, hasNextPage, isFetchingNextPage, fetchNextPage]);

  if (feed?.error && rows.length === 0)
    return <Failure error={feed.error} retry={() => void feed.refetch()} />;
  if (feed?.isPending) return <Waiting {...props} />;
  if (rows.length === 0) return <>{empty}</>;
  const toggle = (key: string) =>
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  const rowProps = (row: Row) => {
    const key = rowKey(row);
    return {
      row,
      table: props,
      isOpen: open.has(key),
      toggle: () => toggle(key),
      onFocus: () => keepLeft(rowLeft, place, key),
    };
  };
  return (
    <>
      <div
        role="table"
        aria-label={label}
        aria-rowcount={hasNextPage ? -1 : rows.length + 1}
        aria-busy={feed?.isPlaceholderData}
        className={classes.table}
        style={trackStyle(columns, detail !== undefined)}
      >
        <Head columns={columns} detail={detail !== undefined} />
        <div
          role="rowgroup"
          ref={body}
          className={classes.body}
          data-stale={feed?.isPlaceholderData}
          style={virtual ? { height: virtualizer.getTotalSize() } : undefined}
        >
          {virtual
            ? items.map((item) => (
                <div
                  key={item.key}
                  ref={virtualizer.measureElement}
                  data-index={item.index}
                  className={classes.place}
                  role="presentation"
                  style={{ transform: `translateY(${item.start - offsetTop}px)` }}
                >
                  <TableRow index={item.index} {...rowProps(rows[item.index] as Row)} />
                </div>
              ))
            : rows.map((row, index) => <TableRow key={rowKey(row)} index={index} {...rowProps(row)} />)}
        </div>
      </div>
      {hasNextPage && (
        <div className={classes.more}>
          <Button
            variant="subtle"
            color="gray"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage?.()}
          >
            Show more
          </Button>
        </div>
      )}
    </>
  );
}

function trackStyle<Row>(columns: Column<Row>[], detail: boolean): CSSProperties {
  const tracks = (shown: Column<Row>[]) =>
    [detail ? '24px' : '', ...shown.map(({ width }) => width)].join(' ');
  const needed = columns.filter(({ spare }) => spare !== true);
  return { '--tracks': tracks(columns), '--needed-tracks': tracks(needed) } as CSSProperties;
}

function Head<Row>({ columns, detail }: { columns: Column<Row>[]; detail: boolean }) {
  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" className={classes.row}>
        {detail && (
          <span role="columnheader">
            <span className="only-read">Details</span>
          </span>
        )}
        {columns.map(({ key, header, align, quiet, spare }) => (
          <span key={key} role="columnheader" data-align={align} data-spare={spare} className="cut">
            {quiet ? <span className="only-read">{header}</span> : header}
          </span>
        ))}
      </div>
    </div>
  );
}

function TableRow<Row>({
  row,
  index,
  table,
  isOpen,
  toggle,
  onFocus,
}: {
  row: Row;
  index: number;
  table: DataTableProps<Row>;
  isOpen: boolean;
  toggle: () => void;
  onFocus: () => void;
}) {
  const { columns, rowKey, rowHref, detail } = table;
  const href = rowHref?.(row);
  const hasLink = href !== undefined || detail !== undefined;
  return (
    <>
      <div
        role="row"
        aria-rowindex={index + 2}
        className={classes.row}
        data-link={hasLink}
        data-open={isOpen}
        data-row={rowKey(row)}
        onFocus={onFocus}
      >
        {detail !== undefined && (
          <span role="cell" className={classes.toggleCell}>
            <button
              type="button"
              className={classes.toggle}
              aria-expanded={isOpen}
              aria-label={isOpen ? 'Hide details' : 'Show details'}
              data-row-link
              onClick={toggle}
            >
              <IconChevronRight size={14} />
            </button>
          </span>
        )}
        {columns.map(({ key, header, cell, align, quiet, spare, card = 'line', cardLabel }) => (
          <span
            key={key}
            role="cell"
            data-align={align}
            data-spare={spare}
            data-card={card}
            data-label={quiet ? undefined : ((cardLabel ? cardLabel(row) : header) ?? undefined)}
            className={classes.cell}
          >
            {card === 'title' && href !== undefined ? (
              <Go href={href} className={classes.rowLink} data-row-link>
                {cell(row)}
              </Go>
            ) : (
              cell(row)
            )}
          </span>
        ))}
      </div>
      {isOpen && detail !== undefined && (
        <div role="row" className={classes.detail}>
          <div role="cell">{detail(row)}</div>
        </div>
      )}
    </>
  );
}

function Waiting<Row>({ label, columns, detail, isShort = false }: DataTableProps<Row>) {
  return (
    <div
      className={classes.table}
      style={trackStyle(columns, detail !== undefined)}
      aria-busy="true"
      aria-label={`${label}: loading`}
      role="status"
    >
      <div aria-hidden="true">
        <Head columns={columns} detail={detail !== undefined} />
      </div>
      {Array.from({ length: isShort ? 3 : 12 }, (_, index) => (
        <div key={index} className={classes.row} data-waiting>
          {detail !== undefined && <span />}
          {columns.map(({ key }, at) => (
            <span
              key={key}
              className={classes.bone}
              style={{ width: `${40 + ((index * 7 + at * 13) % 45)}%` }}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
