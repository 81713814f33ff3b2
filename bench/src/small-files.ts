/** Many small files, up and down: here what each file costs beside its bytes is all that counts. */
import { join } from 'node:path';
import { type Comparison, compare } from './comparison.js';
import { type Ground, makeFile, offerFiles, requireFiles } from './ground.js';
import { DIRECTIONS, type Run, interleave } from './run.js';

export const SMALL_FILE_BYTES = 10_000;

/** @param options.files how many, of 10 kB each */
export async function measureSmallFiles(
  ground: Ground,
  options: { files: number; rounds: number },
  say: (line: string) => void,
): Promise<Comparison[]> {
  const { product, peers } = ground;
  const [source, offered] = [await ground.ourFolder('small'), await ground.theirFolder('small')];
  const [received, sent] = [await ground.ourFolder('small-in'), await ground.theirFolder('small-in')];
  for (let number = 1; number <= options.files; number += 1)
    await makeFile(join(source, `order-${String(number).padStart(6, '0')}.dat`), SMALL_FILE_BYTES);
  await offerFiles(source, offered);
  const expected = { count: options.files, bytes: options.files * SMALL_FILE_BYTES };
  const comparisons: Comparison[] = [];
  for (const direction of DIRECTIONS) {
    const target = direction === 'upload' ? sent : received;
    const route = await product.route(direction, '/small', '/small-in');
    const paths =
      direction === 'upload' ? { local: source, remote: 'small-in' } : { local: received, remote: 'small' };
    const cleanly = (client: string, work: () => Promise<Run>) => async (): Promise<Run> => {
      await ground.settle(target);
      const run = await work();
      await requireFiles(client, target, expected);
      return run;
    };
    const runs = await interleave(
      {
        Waybill: cleanly('Waybill', () => product.transfer(route)),
        'lftp -P4': cleanly('lftp', () => peers.lftpMirror(direction, paths)),
      },
      options.rounds,
      (line) => say(`small-files ${direction}, ${line}`),
    );
    comparisons.push(compare(direction, runs, { amount: options.files, unit: 'files/s' }));
    await ground.settle(target);
  }
  return comparisons;
}
