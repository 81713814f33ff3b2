import { describe, expect, test } from '@jest/globals';
import { takeSlot } from './connection-slots.js';
import { assertFails } from './test-support/assert-fails.js';

const quiet = new AbortController().signal;
let count = 0;
/** An endpoint that no other test knows. */
const fresh = (limit: number) => {
  count += 1;
  const request = { endpointId: `endpoint ${count}`, limit, waitMs: 60_000, signal: quiet };
  return (changes: Partial<typeof request> = {}) => takeSlot({ ...request, ...changes });
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the connections of an endpoint', () => {
  test('are no more than it allows, and the next in line gets the one that becomes free', async () => {
    const take = fresh(2);
    const [first, second] = [await take(), await take()];
    const order: string[] = [];
    const third = take().then((free) => (order.push('third'), free));
    const fourth = take().then((free) => (order.push('fourth'), free));
    await settled();
    expect(order).toEqual([]);
    second();
    second();
    await settled();
    expect(order).toEqual(['third']);
    first();
    await settled();
    expect(order).toEqual(['third', 'fourth']);
    (await third)();
    (await fourth)();
    await take();
  });

  test('are counted for each endpoint by itself', async () => {
    await fresh(1)();
    await fresh(1)();
  });

  test('are not waited for where that is not wanted, nor for longer than said', async () => {
    const take = fresh(1);
    const free = await take();
    const error = await assertFails(take({ waitMs: 0 }), 'server_busy');
    expect(error.message).toMatch(/^The one connection that the endpoint allows at once is in use\. If/);
    const late = await assertFails(take({ waitMs: 20, limit: 1 }), 'server_busy');
    expect(late.message).toContain('none became free within 0 s');
    free();
    (await take({ waitMs: 0 }))();
  });

  test('are given to the next one when somebody gave up waiting', async () => {
    const take = fresh(1);
    const free = await take();
    const cancel = new AbortController();
    const given = take({ signal: cancel.signal });
    const next = take();
    cancel.abort();
    await assertFails(given, 'cancelled');
    await assertFails(take({ signal: cancel.signal }), 'cancelled');
    free();
    (await next)();
  });

  test('follow the limit as it is now', async () => {
    const take = fresh(1);
    const free = await take();
    const [more, ...others] = [await take({ limit: 3 }), await take({ limit: 3 })];
    await assertFails(take({ limit: 3, waitMs: 0 }), 'server_busy');
    free();
    await assertFails(take({ limit: 1, waitMs: 0 }), 'server_busy');
    more();
    others[0]!();
    (await take({ limit: 1, waitMs: 0 }))();
  });
});
