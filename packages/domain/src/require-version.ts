/** Two people who change the same thing: the second must not undo what the first did without having seen it. */
import { Problem } from './problem.js';

/**
 * @param row as it is now, held by a lock until the end of the transaction
 * @param version `updatedAt` as the caller saw it; undefined where the caller does not ask
 * @throws Problem `changed_meanwhile`
 */
export function requireVersion(row: { updatedAt: Date }, version: string | undefined): void {
  if (version === undefined || version === row.updatedAt.toISOString()) return;
  throw new Problem(
    'changed_meanwhile',
    `It was changed at ${row.updatedAt.toISOString()}, after you read it. Read it again, then decide.`,
  );
}
