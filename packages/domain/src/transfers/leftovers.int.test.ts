import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { aRoute } from '@waybill/testing/builders.js';
import { newId } from '../new-id.js';
import { openTransfers } from '../test-support/transfers.js';
import { findLeftovers } from './leftovers.js';

let transfers: Awaited<ReturnType<typeof openTransfers>>;
beforeAll(async () => {
  transfers = await openTransfers();
});
afterAll(() => transfers.database.close());

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
