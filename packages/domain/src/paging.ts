/**
 * Pages of lists that are ordered by one column and the id. The cursor holds the last row's place, so a page
 * does not shift when rows are added before it.
 */
import { createHash } from 'node:crypto';
import { DEFAULT_PAGE_SIZE, type PageQuery } from '@waybill/contracts/paging.js';
import { id, instant } from '@waybill/contracts/text.js';
import { Problem } from './problem.js';

export interface Place {
  /** The value of the column that orders the list: an ISO instant or a name. */
  at: string;
  id: string;
}

/**
 * Where the page starts, or null where that is the beginning.
 * @param list the name of the list, with what it is a list of where there are several: a cursor is good for the
 *   list and the filters that it was given out for
 * @throws Problem `invalid_cursor`
 */
export function readCursor(list: string, query: PageQuery): Place | null {
  if (query.cursor === undefined) return null;
  const [ofList, ofFilters, at, id] = partsOf(query.cursor);
  if (ofList !== list) throw invalidCursor('It was given out for another list.');
  if (ofFilters !== digestOfFilters(query)) throw invalidCursor('It was given out for other filters.');
  return { at, id };
}

function partsOf(cursor: string): CursorParts {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (isCursorParts(parsed)) return parsed;
  } catch (cause) {
    throw unreadable(cause);
  }
  throw unreadable();
}

type CursorParts = [list: string, filters: string, at: string, id: string];

/** Four texts that the database can take: it knows no NUL. */
function isCursorParts(value: unknown): value is CursorParts {
  return (
    Array.isArray(value) &&
    value.length === 4 &&
    value.every((part) => typeof part === 'string' && !part.includes('\0'))
  );
}

function writeCursor(list: string, query: PageQuery, { at, id }: Place): string {
  return Buffer.from(JSON.stringify([list, digestOfFilters(query), at, id])).toString('base64url');
}

/** All that narrows the list; how many rows a page has may change on the way. */
function digestOfFilters({ cursor: _cursor, limit: _limit, ...filters }: PageQuery): string {
  const set = Object.entries(filters).filter(([, value]) => value !== undefined);
  return createHash('sha256').update(JSON.stringify(set.toSorted())).digest('base64url').slice(0, 11);
}

/** The place in a list whose rows have a UUID. */
function readRowCursor(list: string, query: PageQuery): Place | null {
  const place = readCursor(list, query);
  if (place !== null && !id.safeParse(place.id).success) throw unreadable();
  return place;
}

/** The instant of a place in a list that is ordered by one. */
export function readInstant({ at }: Place): Date {
  if (!instant.safeParse(at).success) throw unreadable();
  return new Date(at);
}

/** The problem of a cursor that nobody was given. */
export function unreadable(cause?: unknown): Problem {
  return invalidCursor('It cannot be read.', cause);
}

function invalidCursor(why: string, cause?: unknown): Problem {
  return new Problem('invalid_cursor', `${why} Start again without a cursor.`, { cause });
}

/** How many rows to ask the database for: one more than the page, to know whether another follows. */
export function rowsToTake(query: PageQuery): number {
  return (query.limit ?? DEFAULT_PAGE_SIZE) + 1;
}

/** Cuts the extra row off and makes the cursor of the next page; `list` as for `readCursor`. */
export function toPage<Row, Item>(
  rows: Row[],
  query: PageQuery,
  shape: { list: string; item: (row: Row) => Item; place: (row: Row) => Place },
): { items: Item[]; nextCursor: string | null } {
  const size = query.limit ?? DEFAULT_PAGE_SIZE;
  const last = rows.length > size ? rows[size - 1] : undefined;
  return {
    items: rows.slice(0, size).map(shape.item),
    nextCursor: last === undefined ? null : writeCursor(shape.list, query, shape.place(last)),
  };
}

/** The `where` of a list by name, A to Z, after the cursor. */
export function afterName(list: string, query: PageQuery) {
  const place = readRowCursor(list, query);
  if (place === null) return {};
  return { OR: [{ name: { gt: place.at } }, { name: place.at, id: { gt: place.id } }] };
}

/** The `where` of a list by creation, newest first, after the cursor. */
export function beforeCreation(list: string, query: PageQuery) {
  const place = readRowCursor(list, query);
  if (place === null) return {};
  const at = readInstant(place);
  return { OR: [{ createdAt: { lt: at } }, { createdAt: at, id: { lt: place.id } }] };
}
