/** One large file, up and down: what a transfer costs beside the bytes hardly counts, so this shows the bytes. */
import { join } from 'node:path';
import { type Ground, makeFile, offerFiles, requireFiles, warmMemory } from './ground.js';
import { type Comparison, compare } from './comparison.js';
import type { Way } from './product.js';
import { DIRECTIONS, type Run, interleave } from './run.js';

const NAME = 'big.bin';
const MIB = 1024 * 1024;

/** @param options.mib the size of the file */
export async function measureBigFile(
  ground: Ground,
  options: { mib: number; rounds: number },
  say: (line: string) => void,
): Promise<Comparison[]> {
  const { product, peers, server } = ground;
  const [source, offered] = [await ground.ourFolder('big'), await ground.theirFolder('big')];
  const [received, sent] = [await ground.ourFolder('big-in'), await ground.theirFolder('big-in')];
  say(`making a file of ${options.mib} MiB`);
  await makeFile(join(source, NAME), options.mib * MIB);
  await offerFiles(source, offered);
  const comparisons: Comparison[] = [];
  for (const direction of DIRECTIONS) {
    const target = direction === 'upload' ? sent : received;
    const routed = async (way: Way): Promise<Run> =>
      product.transfer(await product.route(direction, '/big', '/big-in', way));
    const paths = {
      local: join(direction === 'upload' ? source : received, NAME),
      remote: direction === 'upload' ? `big-in/${NAME}` : `big/${NAME}`,
    };
    const cleanly = (client: string, work: () => Promise<Run>) => async (): Promise<Run> => {
      await ground.settle(target);
      await warmMemory(source, options.mib * MIB);
      const run = await work();
      await requireFiles(client, target, { count: 1, bytes: options.mib * MIB });
      return run;
    };
    const runs = await interleave(
      {
        Waybill: cleanly('Waybill', () => routed('usual')),
        // The server's own hash over the file, which no peer asks for, left out.
        ...(server === 'proftpd' && {
          'Waybill, sizes only': cleanly('Waybill', () => routed('sizeOnly')),
        }),
        curl: cleanly('curl', () => peers.curl(direction, paths)),
        lftp: cleanly('lftp', () => peers.lftp(direction, paths)),
      },
      options.rounds,
      (line) => say(`big-file ${direction}, ${line}`),
    );
    comparisons.push(compare(direction, runs, { amount: options.mib, unit: 'MiB/s' }));
    await ground.settle(target);
  }
  return comparisons;
}
