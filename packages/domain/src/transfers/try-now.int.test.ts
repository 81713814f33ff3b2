import { afterAll, expect, test } from '@jest/globals';
import { newId } from '../new-id.js';
import { pauseInstallation, resumeInstallation } from '../settings/pause.js';
import { openTransfers } from '../test-support/transfers.js';
import { tryNow } from './try-now.js';

const { database, person, asApp, read, actionsOf, aTransfer, claim, aRun, finish } = await openTransfers();
afterAll(() => database.close());

const request = (id: string) => asApp((tx) => tryNow(tx, person, { id }));

async function aWaiting(): Promise<string> {
  const run = await aRun(['a']);
  await finish(run, { kind: 'connection_lost', text: 'Lost.', step: 'transfer', endpointId: null });
  return run.lease.transferId;
}

test('what waits for its next try is due at once when somebody asks, and the log says who', async () => {
  const id = await aWaiting();
  expect(await claim(id)).toBeNull();
  await request(id);
  expect((await actionsOf(id)).at(-1)).toBe('transfer.try_requested');
  expect(await claim(id)).toMatchObject({ lease: { tryNumber: 2 } });
  await expect(request(id)).rejects.toMatchObject({ code: 'wrong_state' });
});

test('what is queued or not there cannot be tried now, nor anything in a pause', async () => {
  await expect(request(await aTransfer())).rejects.toMatchObject({ code: 'wrong_state' });
  await expect(request(newId())).rejects.toMatchObject({ code: 'not_found' });
  const id = await aWaiting();
  const { nextTryAt } = await read(id);
  await asApp((tx) => pauseInstallation(tx, person, { reason: 'maintenance' }));
  await expect(request(id)).rejects.toMatchObject({ code: 'paused' });
  await asApp((tx) => resumeInstallation(tx, person));
  expect((await read(id)).nextTryAt).toEqual(nextTryAt);
});
