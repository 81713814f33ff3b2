import type { TestDatabase } from '@waybill/testing/database.js';

/** The audit events of one object in a database, oldest first: as rows and as actions. */
export function eventsIn(database: TestDatabase) {
  const eventsOf = (objectId: string) =>
    database.app.auditEvent.findMany({ where: { objectId }, orderBy: { seq: 'asc' } });
  const actionsOf = async (objectId: string): Promise<string[]> =>
    (await eventsOf(objectId)).map(({ action }) => action);
  return { eventsOf, actionsOf };
}
