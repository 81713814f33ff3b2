import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { aRoute } from '@waybill/testing/builders.js';
import { newId } from '../new-id.js';
import { openTransfers } from '../test-support/transfers.js';
import { findLeftovers, forgetLeftovers } from './leftovers.js';

let transfers: Awaited<ReturnType<typeof openTransfers>>;
beforeAll(async () => {
  transfers = await openTransfers();
});
afterAll(() => transfers.database.close());

test('what stays beside a file that has arrived is looked for, though not for ever', async () => {
  const { database } = transfers;
  const routeId = (await aRoute(database.app)).id;
  for (const [name, days] of [
    ['new', 1],
    ['old', 100],
  ] as const) {
    const transferId = await transfers.aTransfer(routeId);
    const createdAt = new Date(Date.now() - days * 86_400_000);
    await database.app.transfer.update({
      where: { id: transferId },
      data: { state: 'succeeded', createdAt },
    });
    await database.app.transferFile.create({
      data: {
        id: newId(),
        transferId,
        position: 0,
        name,
        sourcePath: `/out/${name}`,
        targetPath: `/in/${name}`,
        temporaryPath: `/in/.waybill-${name}.part`,
        sha256: 'a'.repeat(64),
        state: 'delivered',
      },
    });
  }
  const claim = await transfers.claim(await transfers.aTransfer(routeId));
  const [left, ...others] = await findLeftovers(database.worker, claim!);
  expect(left).toMatchObject({ paths: ['/in/.waybill-new.part'] });
  expect(others).toEqual([]);
  await transfers.asWorker((tx) => forgetLeftovers(tx, claim!.lease, [left!.fileId]));
  expect(await findLeftovers(database.worker, claim!)).toEqual([]);
});

test('many leftovers that nobody can remove do not keep another from its turn', async () => {
  const { database } = transfers;
  const routeId = (await aRoute(database.app)).id;
  for (const count of [1, 50]) {
    const transferId = await transfers.aTransfer(routeId);
    await database.app.transfer.update({ where: { id: transferId }, data: { state: 'failed' } });
    await database.app.transferFile.createMany({
      data: Array.from({ length: count }, (_, position) => ({
        id: newId(),
        transferId,
        position,
        name: `${position}`,
        sourcePath: `/out/${position}`,
        targetPath: `/in/${position}`,
        temporaryPath: `/in/.waybill-${transferId}-${position}.part`,
        state: 'failed' as const,
      })),
    });
  }
  const claim = await transfers.claim(await transfers.aTransfer(routeId));
  const found = new Set<string>();
  // Each run leaves out one of them; that it is the same one every time is one chance in 51 to the power of 19.
  for (let run = 1; run <= 20; run += 1) {
    const leftovers = await findLeftovers(database.worker, claim!);
    expect(leftovers).toHaveLength(50);
    for (const { paths } of leftovers) found.add(paths.join());
  }
  expect(found.size).toBe(51);
});
