/** Whether the worker's memory depends on the size of a file: a fresh worker for each size, up and down once. */
import { join } from 'node:path';
import { type Ground, makeFile, offerFiles } from './ground.js';
import { DIRECTIONS } from './run.js';

const NAME = 'big.bin';
const MIB = 1024 * 1024;
/** So much more than with the smallest file is taken for "flat". */
const ALLOWED_MB = 20;

export interface MemoryResult {
  peaks: { mib: number; peakMemoryMb: number }[];
  /** Between the largest file and the smallest one. */
  growthMb: number;
  allowedMb: number;
  isFlat: boolean;
}

/** @param options.sizesMib in rising order */
export async function measureMemory(
  ground: Ground,
  options: { sizesMib: number[] },
  say: (line: string) => void,
): Promise<MemoryResult> {
  const peaks: MemoryResult['peaks'] = [];
  for (const mib of options.sizesMib) {
    const name = `memory-${mib}`;
    const [source, offered] = [await ground.ourFolder(name), await ground.theirFolder(name)];
    const [received, sent] = [await ground.ourFolder(`${name}-in`), await ground.theirFolder(`${name}-in`)];
    await makeFile(join(source, NAME), mib * MIB);
    await offerFiles(source, offered);
    await ground.product.startWorker();
    let peakMemoryMb = 0;
    for (const direction of DIRECTIONS) {
      const route = await ground.product.route(direction, `/${name}`, `/${name}-in`);
      const run = await ground.product.transfer(route);
      peakMemoryMb = Math.max(peakMemoryMb, run.peakMemoryMb ?? 0);
      await ground.settle(received, sent);
    }
    say(`memory: ${mib} MiB, peak ${peakMemoryMb.toFixed(1)} MB`);
    peaks.push({ mib, peakMemoryMb });
    await ground.settle(source, offered);
  }
  const growthMb = (peaks.at(-1)?.peakMemoryMb ?? 0) - (peaks[0]?.peakMemoryMb ?? 0);
  return { peaks, growthMb, allowedMb: ALLOWED_MB, isFlat: growthMb <= ALLOWED_MB };
}
