import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AuditEventQuery } from '@waybill/contracts/audit-events.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { aPartner, anActor } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { createPartner } from '../partners/partners.js';
import { listAuditEvents } from './list-audit-events.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  for (const name of ['Zürich 100% AG', 'zürich_two', 'Zürich 1000']) await aPartner(database.app, { name });
});
afterAll(() => database.close());

const actor = anActor('auditor');
const namesOf = async (query: AuditEventQuery) => {
  const { items } = await inTransaction(database.app, (tx) => listAuditEvents(tx, actor, query));
  return items.map((event) => event.object.name);
};

test('a search finds a part of a name, upper or lower case, and takes every sign for itself', async () => {
  const found = (search: string) => namesOf({ search, objectKind: 'partner' });
  expect(await found('ZÜRICH')).toEqual(['Zürich 1000', 'zürich_two', 'Zürich 100% AG']);
  expect(await found('100%')).toEqual(['Zürich 100% AG']);
  expect(await found('h_t')).toEqual(['zürich_two']);
  expect(await found('operator@EXAMPLE')).toHaveLength(3);
  expect(await found('%')).toEqual(['Zürich 100% AG']);
});

test('an event is recorded after it has occurred, however long its transaction has been open', async () => {
  const [event] = await inTransaction(database.app, async (tx) => {
    await tx.$executeRaw`SELECT pg_sleep(0.05)`;
    const { id } = await createPartner(tx, actor, { name: 'Late in its transaction' });
    return (await listAuditEvents(tx, actor, { objectId: id })).items;
  });
  expect(Date.parse(event!.recordedAt)).toBeGreaterThanOrEqual(Date.parse(event!.occurredAt));
});

test('what is rare in a long log is found by an index: a name, and an outcome', async () => {
  const [byOutcome, byName] = await inTransaction(database.app, async (tx) => {
    // With so few rows it would rather read them all; what is asked is whether an index can answer.
    await tx.$executeRaw`SELECT set_config('enable_seqscan', 'off', true)`;
    const outcomePlan = await tx.$queryRaw`EXPLAIN SELECT 1 FROM audit_event
      WHERE outcome = 'denied' ORDER BY recorded_at DESC, seq DESC LIMIT 51`;
    await tx.$executeRaw`SELECT set_config('enable_indexscan', 'off', true)`;
    const namePlan = await tx.$queryRaw`EXPLAIN SELECT 1 FROM audit_event
      WHERE actor_name ILIKE '%someone%' OR object_name ILIKE '%someone%' ORDER BY recorded_at DESC LIMIT 51`;
    return [JSON.stringify(outcomePlan), JSON.stringify(namePlan)];
  });
  expect(byOutcome).toMatch(/Index [\w ]*Scan using audit_event_\w*outcome_\w+idx/);
  expect(byName).toMatch(/Bitmap Index Scan on audit_event_\w*actor_name_object_name_idx/);
});
