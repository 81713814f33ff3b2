import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Changes } from '@waybill/contracts/audit-actions.js';
import { type Tx, inTransaction } from '@waybill/db/transaction.js';
import { aPartner, anActor, anEndpoint, testSeal } from '@waybill/testing/builders.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { untilWaiting } from '@waybill/testing/until-waiting.js';
import { createUser, updateUser } from '../access/users.js';
import { deletePartner, updatePartner } from '../partners/partners.js';
import { deleteCredential, updateCredential } from '../trust/credentials.js';

const actor = anActor('administrator');
let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

type Work = (tx: Tx) => Promise<unknown>;

/** Runs two changes of which the second begins when the first has written and not yet committed. */
async function inOverlap(first: Work, second: Work): Promise<void> {
  let later: Promise<unknown> | undefined;
  await inTransaction(database.app, async (tx) => {
    await first(tx);
    later = inTransaction(database.app, second);
    // Until it has read what there is, and waits to write.
    await untilWaiting(database.app);
  });
  await later;
}

const changesOf = async (objectId: string): Promise<Changes[]> => {
  const events = await database.app.auditEvent.findMany({
    where: { objectId, action: { endsWith: '.updated' } },
    orderBy: { seq: 'asc' },
  });
  return events.map(({ details }) => (details as { changes: Changes }).changes);
};

const addUser = (name: string) =>
  inTransaction(database.app, (tx) =>
    createUser(tx, actor, {
      email: `${name}@example.com`,
      name,
      role: 'operator',
      password: 'a long pass 1',
    }),
  );

const addCredential = async (name: string): Promise<{ id: string }> => {
  const { credential } = await anEndpoint(database.app, { name });
  if (credential === null) throw new Error('The endpoint has no credential.');
  return credential;
};

/** How each noun is made with a name, and renamed. */
const nouns: [string, (name: string) => Promise<{ id: string }>, (id: string, name: string) => Work][] = [
  [
    'partner',
    (name) => aPartner(database.app, { name }),
    (id, name) => (tx) => updatePartner(tx, actor, { id, change: { name } }),
  ],
  [
    'credential',
    addCredential,
    (id, name) => async (tx) => updateCredential(tx, actor, { id, change: { name } }, await testSeal()),
  ],
  ['user', addUser, (id, name) => (tx) => updateUser(tx, actor, { id, change: { name } })],
];

test.each(nouns)(
  'two changes of a %s at once are told as they came, one after the other',
  async (_noun, add, rename) => {
    const { id } = await add('first');
    await inOverlap(rename(id, 'second'), rename(id, 'third'));
    expect(await changesOf(id)).toEqual([
      { name: { before: 'first', after: 'second' } },
      { name: { before: 'second', after: 'third' } },
    ]);
  },
);

test('what is deleted is told as it was at the end', async () => {
  const partner = await aPartner(database.app, { description: 'as it was' });
  await inOverlap(
    (tx) => updatePartner(tx, actor, { id: partner.id, change: { description: 'as it is' } }),
    (tx) => deletePartner(tx, actor, { id: partner.id }),
  );
  const credential = await addCredential('to go');
  await database.app.endpoint.deleteMany({ where: { credentialId: credential.id } });
  const seal = await testSeal();
  await inOverlap(
    (tx) => updateCredential(tx, actor, { id: credential.id, change: { username: 'as it is' } }, seal),
    (tx) => deleteCredential(tx, actor, { id: credential.id }),
  );
  const events = await database.app.auditEvent.findMany({
    where: { action: { in: ['partner.deleted', 'credential.deleted'] } },
    orderBy: { seq: 'asc' },
  });
  expect(events.map(({ details }) => details)).toMatchObject([
    { values: { description: 'as it is' } },
    { values: { username: 'as it is' } },
  ]);
});
