/**
 * Pages of lists that are ordered by one column and the id. The cursor holds the last row's place, so a page
 * does not shift when rows are added before it.
 */
import { DEFAULT_PAGE_SIZE, type PageQuery } from '@waybill/contracts/paging.js';
import { id } from '@waybill/contracts/text.js';
import { Problem } from './problem.js';

export interface Place {
  /** The value of the column that orders the list: an ISO instant or a name. */
  at: string;
  id: string;
}

export function encodeCursor(place: Place): string {
  return Buffer.from(JSON.stringify([place.at, place.id])).toString('base64url');
}

/** @throws Problem `invalid_cursor` */
export function decodeCursor(cursor: string): Place {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && isText(parsed[0]) && isText(parsed[1]))
      return { at: parsed[0], id: parsed[1] };
  } catch (cause) {
    throw invalidCursor(cause);
  }
  throw invalidCursor();
}

/** A text that the database can take: it knows no NUL. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}

function decodeRowCursor(cursor: string): Place {
  const place = decodeCursor(cursor);
  if (!id.safeParse(place.id).success) throw invalidCursor();
  return place;
}

function invalidCursor(cause?: unknown): Problem {
  return new Problem('invalid_cursor', 'Start again without a cursor.', { cause });
}

/** How many rows to ask the database for: one more than the page, to know whether another follows. */
export function rowsToTake(query: PageQuery): number {
  return (query.limit ?? DEFAULT_PAGE_SIZE) + 1;
}

/** Cuts the extra row off and makes the cursor of the next page. */
export function toPage<Row, Item>(
  rows: Row[],
  query: PageQuery,
  shape: { item: (row: Row) => Item; place: (row: Row) => Place },
): { items: Item[]; nextCursor: string | null } {
  const size = query.limit ?? DEFAULT_PAGE_SIZE;
  const last = rows.length > size ? rows[size - 1] : undefined;
  return {
    items: rows.slice(0, size).map(shape.item),
    nextCursor: last === undefined ? null : encodeCursor(shape.place(last)),
  };
}

/** The `where` of a list by name, A to Z, after the cursor. */
export function afterName(query: PageQuery) {
  if (query.cursor === undefined) return {};
  const place = decodeRowCursor(query.cursor);
  return { OR: [{ name: { gt: place.at } }, { name: place.at, id: { gt: place.id } }] };
}

/** The `where` of a list by creation, newest first, after the cursor. */
export function beforeCreation(query: PageQuery) {
  if (query.cursor === undefined) return {};
  const place = decodeRowCursor(query.cursor);
  const at = new Date(place.at);
  if (Number.isNaN(at.getTime())) throw invalidCursor();
  return { OR: [{ createdAt: { lt: at } }, { createdAt: at, id: { lt: place.id } }] };
}
