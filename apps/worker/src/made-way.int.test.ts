/** A server that renames over no file: the older one is removed first, and a cancel comes before the new one is named. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { cancelTransfer } from '@waybill/domain/transfers/cancel-transfer.js';
import type { Script } from '@waybill/ftps-server/script.js';
import { anActor } from '@waybill/testing/builders.js';
import { putFile, readFolder, sha256 } from './test-support/site.js';
import { useSite } from './test-support/use-site.js';

const site = await useSite('out', 'in');

const cancel = (id: string) =>
  inTransaction(site.database.app, (tx) => cancelTransfer(tx, anActor(), { id }));

/** Sends a file in place of an older one. @param onSecond what the server does when it is asked for the name again */
async function replace(script: (asked: () => number) => Script, retryBaseMs = '100') {
  let asked = 0;
  const honest = script(() => asked);
  const server = await site.scripted({
    ...honest,
    onCommand(session, verb, argument) {
      if (verb === 'RNTO' && ++asked === 1) return '550 File already exists.';
      return honest.onCommand?.(session, verb, argument);
    },
  });
  await putFile(server.root, 'a.csv', 'old');
  await writeFile(join(site.folder, 'out', 'a.csv'), 'ours');
  await site.startWorker({ WAYBILL_RETRY_BASE_MS: retryBaseMs });
  const route = await site.sendRoute(await site.server(server), { ifExists: 'replace' });
  return { server, id: await site.start(route) };
}

async function expectKept({ server, id }: Awaited<ReturnType<typeof replace>>): Promise<void> {
  const transfer = await site.waitFor(id);
  const left = await readFolder(server.root);
  expect(Object.values(left)).toEqual([sha256('ours')]);
  const [name = ''] = Object.keys(left);
  expect(transfer).toMatchObject({ state: 'cancelled' });
  expect(transfer.files).toMatchObject([
    {
      state: 'uncertain',
      temporaryPath: `/${name}`,
      failureText: expect.stringContaining(
        `removed to make way, or was about to be, and the new one had no name yet`,
      ),
    },
  ]);
  expect(transfer.files[0]?.failureText).toContain(`as /${name}: give it its name`);
}

test('the new one stays and a person is told, where the cancel comes in between', async () => {
  const second = Promise.withResolvers<void>();
  const sent = await replace((asked) => ({
    onCommand: (_session, verb) =>
      verb === 'RNTO' && asked() === 2
        ? async (turn) => {
            second.resolve();
            while (turn.isOpen()) await turn.wait(20);
          }
        : undefined,
  }));
  await second.promise;
  await cancel(sent.id);
  await expectKept(sent);
});

/** The session is lost between the removal of the older file and the new one's name, and the next try is far away. */
async function loseInBetween() {
  let isAway = false;
  const sent = await replace(
    (asked) => ({
      onCommand: (_session, verb) => {
        if (isAway && verb === 'CONNECT') return '421 Not now';
        if (verb !== 'RNTO' || asked() !== 2) return undefined;
        isAway = true;
        return (turn) => turn.drop('rst');
      },
    }),
    '600000',
  );
  await site.waitFor(sent.id, ['waiting']);
  isAway = false;
  return sent;
}

async function cancelNow(sent: Awaited<ReturnType<typeof replace>>): Promise<void> {
  await cancel(sent.id);
  await site.jobs.ring('transfer', sent.id);
  await expectKept(sent);
}

test('the new one stays and a person is told, where the session is lost in between and the cancel comes later', async () => {
  await cancelNow(await loseInBetween());
});

test('the new one stays and a person is told, also where it is to be sent once more', async () => {
  const sent = await loseInBetween();
  // As a run leaves it that could not see whether it is still whole.
  await site.database.app.transferFile.updateMany({
    where: { transferId: sent.id },
    data: { state: 'planned', sha256: null, temporaryPath: null },
  });
  await cancelNow(sent);
});
