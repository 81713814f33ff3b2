import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { dropInstead } from '@waybill/ftps-server/behaviours.js';
import { untilWaiting } from '@waybill/testing/until-waiting.js';
import { hiccup } from './test-support/hiccup.js';
import { type Site, emptyFolder, openSite, readFolder } from './test-support/site.js';

/** Two full groups, one for each of two sessions, and some more. */
const COUNT = 60;
const GROUP = 25;

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());
afterEach(async () => {
  await site.endWorkers();
  await site.stopServers();
  await emptyFolder(join(site.folder, 'out'));
});

/** A promise with the function that settles it. */
function signal() {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => (give = resolve));
  return { give, given };
}

test('files that a lost session gives back are put back before another session takes them', async () => {
  const [otherBegun, locked, ownGroupMoved, sessionLost] = [signal(), signal(), signal(), signal()];
  const sessions: unknown[] = [];
  let transferId = '';
  let refused = 0;
  let ownRenames = 0;
  let otherStores = 0;
  /** While this holds the row, no session can write down what it has done: the first waits, then the lost one. */
  const lockRow = () =>
    inTransaction(site.database.app, async (tx) => {
      await tx.$queryRaw`SELECT 1 FROM transfer WHERE id = ${transferId}::uuid FOR UPDATE`;
      locked.give();
      await untilWaiting(site.database.worker);
      ownGroupMoved.give();
      await sessionLost.given;
      await untilWaiting(site.database.worker, 2);
    });
  let holding: Promise<void> | undefined;
  const server = await site.scripted({
    async onCommand(session, verb) {
      if (verb === 'CONNECT') {
        if (sessions.length < 2) {
          sessions.push(session);
          return undefined;
        }
        if (ownRenames < GROUP) return undefined;
        refused += 1;
        sessionLost.give();
        // One to clear up, one to go on with.
        return refused <= 2 ? '421 no more' : undefined;
      }
      const isOwn = session === sessions[0];
      if (verb === 'RNTO' && isOwn && ++ownRenames === GROUP) {
        await otherBegun.given;
        holding = lockRow();
        await locked.given;
      }
      if (verb !== 'STOR' || isOwn || ++otherStores !== 3) return undefined;
      otherBegun.give();
      await ownGroupMoved.given;
      return dropInstead('rst');
    },
  });
  for (let n = 0; n < COUNT; n += 1) await writeFile(join(site.folder, 'out', `f${n}.csv`), 'x');
  await site.startWorker({ WAYBILL_SESSIONS_PER_TRANSFER: '2' });
  transferId = await site.start(await site.sendRoute(await site.server(server)), { ring: false });
  await site.jobs.ring('transfer', transferId);
  const transfer = await site.waitFor(transferId);
  await holding;
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT });
  expect(transfer.attempts.map(({ failureKind }) => failureKind)).not.toContain('internal');
  expect(Object.keys(await readFolder(server.root))).toHaveLength(COUNT);
});

test('what has ended is written down also where the database is away for a moment', async () => {
  await hiccup(site.database.ownerUrl, 'ended attempt');
  let stores = 0;
  const server = await site.scripted({
    onCommand: (_session, verb) => {
      if (verb === 'STOR') stores += 1;
      return undefined;
    },
  });
  const names = ['a.csv', 'b.csv', 'c.csv'];
  for (const name of names) await writeFile(join(site.folder, 'out', name), name);
  await site.startWorker();
  const transfer = await site.waitFor(await site.start(await site.sendRoute(await site.server(server))));
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: 3 });
  const ofFiles = transfer.attempts.filter(({ transferFileId }) => transferFileId !== null);
  // As they ended, and not found out by looking.
  expect(ofFiles.map(({ outcome, tryNumber }) => [outcome, tryNumber])).toEqual(
    Array(3).fill(['delivered', 1]),
  );
  expect(transfer.files.map(({ verification }) => verification)).not.toContain('compared');
  expect(stores).toBe(3);
});
