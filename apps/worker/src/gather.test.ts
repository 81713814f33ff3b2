import { expect, test } from '@jest/globals';
import { gather } from './gather.js';

test('the first goes at once, and those that come meanwhile go together', async () => {
  const rounds: string[][] = [];
  const waiting: PromiseWithResolvers<void>[] = [];
  const add = gather(async (items: string[]) => {
    rounds.push([...items]);
    waiting.push(Promise.withResolvers());
    await waiting.at(-1)!.promise;
  });
  const first = add('a');
  await Promise.resolve();
  const others = Promise.all([add('b'), add('c')]);
  await Promise.resolve();
  expect(rounds).toEqual([['a']]);
  waiting[0]!.resolve();
  await first;
  await new Promise((resolve) => setImmediate(resolve));
  expect(rounds).toEqual([['a'], ['b', 'c']]);
  waiting[1]!.resolve();
  await others;
});

test('a round that fails does so for all in it, and for nobody else', async () => {
  const add = gather((items: number[]) =>
    items.includes(1) ? Promise.reject(new Error('no')) : Promise.resolve(),
  );
  const settled = await Promise.allSettled([add(0), add(1), add(2)]);
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await expect(add(3)).resolves.toBeUndefined();
});
