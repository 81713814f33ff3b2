/** What people type into a search box, as the database's patterns take it: `_` and `%` mean themselves. */

const escape = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

/** Names that hold the text somewhere, upper or lower case. */
export function containing(text: string) {
  return { contains: escape(text), mode: 'insensitive' } as const;
}

/** Names that begin with the text, with an index on `text_pattern_ops`. */
export function beginningWith(text: string) {
  return { startsWith: escape(text) } as const;
}
