/** Lists: newest first, a page at a time, with a cursor that stays valid while rows are added. */
import { z } from 'zod';

export const MAX_PAGE_SIZE = 200;
export const DEFAULT_PAGE_SIZE = 50;

/** Query parameters of every list. Query schemas have no id: a named one loses its parameters in the document. */
export const pageQuery = z.object({
  // Holds a name of a hundred characters, each of up to six bytes as JSON.
  cursor: z
    .string()
    .max(1000)
    .optional()
    .describe('Where the page starts: nextCursor of the page before, with the same filters.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_PAGE_SIZE)
    .optional()
    .describe(`Rows a page, ${DEFAULT_PAGE_SIZE} unless told.`),
});
export type PageQuery = z.infer<typeof pageQuery>;

/** A page of `item`, named `id` in the document. */
export function pageOf<Item extends z.ZodType>(item: Item, id: string) {
  return z
    .object({
      items: z.array(item),
      nextCursor: z.string().nullable().describe('Null on the last page.'),
    })
    .meta({ id });
}
