import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { type TestDatabase, testDatabase } from '@waybill/testing/database.js';
import { anonymousActor, cliActor } from '../actor.js';
import { checkPassword } from './check-password.js';
import { MAX_FAILED_TRIES } from './lock-out.js';
import { signIn } from './sign-in.js';
import { createUser, resetUserPassword } from './users.js';

const PASSWORD = 'a long pass phrase 1';
const stranger = anonymousActor('203.0.113.1', 'r');

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function addUser(name: string) {
  const email = `${name}@example.com`;
  const user = { email, name, role: 'operator', password: PASSWORD } as const;
  const { id } = await inTransaction(database.app, (tx) => createUser(tx, cliActor('tests'), user));
  return { id, email };
}

const enter = (email: string, check: Awaited<ReturnType<typeof checkPassword>>) =>
  inTransaction(database.app, (tx) => signIn(tx, stranger, { email, check, userAgent: null }));

const reasonsOf = async (email: string) => {
  const events = await database.app.auditEvent.findMany({
    where: { action: 'user.sign_in_failed', details: { path: ['email'], equals: email } },
  });
  return events.map(({ details }) => (details as { reason: string }).reason);
};

test('of many wrong passwords at once, each checked before any is counted, ten count and one locks', async () => {
  const { id, email } = await addUser('carol');
  const right = await checkPassword(database.app, { email }, PASSWORD);
  const wrong = await Promise.all(
    Array.from({ length: 25 }, () => checkPassword(database.app, { email }, 'not this one')),
  );
  expect(await Promise.all(wrong.map((check) => enter(email, check)))).toEqual(wrong.map(() => null));
  const reasons = await reasonsOf(email);
  expect(reasons.filter((reason) => reason === 'wrong password')).toHaveLength(MAX_FAILED_TRIES);
  expect(reasons.filter((reason) => reason === 'the account is locked')).toHaveLength(15);
  expect(await database.app.auditEvent.count({ where: { action: 'user.locked', objectId: id } })).toBe(1);
  // It was found right before the account was locked, and is of no use now.
  expect(await enter(email, right)).toBeNull();
});

test('a password that is changed while it is checked opens nothing', async () => {
  const { id, email } = await addUser('dave');
  const check = await checkPassword(database.app, { email }, PASSWORD);
  expect(check).toEqual({ userId: id, fittingHash: expect.stringMatching(/^\$argon2id\$/) });
  await inTransaction(database.app, (tx) =>
    resetUserPassword(tx, cliActor('tests'), { id, password: 'another pass phrase 2' }),
  );
  expect(await enter(email, check)).toBeNull();
  const fresh = await checkPassword(database.app, { email }, 'another pass phrase 2');
  expect(await enter(email, fresh)).toMatchObject({ token: expect.any(String) });
});
