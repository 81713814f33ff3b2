/** Many small files, up and down: here what each file costs beside its bytes is all that counts. */
import { join } from 'node:path';
import { type Comparison, compare } from './comparison.js';
import { type Ground, makeFile, offerFiles, requireFiles } from './ground.js';
import { needTls12 } from './peers.js';
import type { Way } from './product.js';
import { DIRECTIONS, type Direction, type Run, interleave } from './run.js';

export interface SmallFilesOptions {
  /** How many, and how large each. */
  files: number;
  fileBytes: number;
  /** How many connections each client may have, one after the other. */
  connections: number[];
  rounds: number;
}

export async function measureSmallFiles(
  ground: Ground,
  options: SmallFilesOptions,
  say: (line: string) => void,
): Promise<Comparison[]> {
  const { files, fileBytes } = options;
  const name = `small-${fileBytes}`;
  const [source, offered] = [await ground.ourFolder(name), await ground.theirFolder(name)];
  for (let number = 1; number <= files; number += 1)
    await makeFile(join(source, `order-${String(number).padStart(6, '0')}.dat`), fileBytes);
  await offerFiles(source, offered);
  const comparisons: Comparison[] = [];
  for (const connections of options.connections) {
    await ground.product.startWorker(connections);
    for (const direction of DIRECTIONS)
      comparisons.push(await compareOne(ground, { ...options, name, connections, direction }, say));
  }
  return comparisons;
}

async function compareOne(
  ground: Ground,
  task: Omit<SmallFilesOptions, 'connections'> & { name: string; connections: number; direction: Direction },
  say: (line: string) => void,
): Promise<Comparison> {
  const { files, fileBytes, name, connections, direction } = task;
  const { product, peers, server } = ground;
  let runs = 0;
  /** Every run has a folder of its own: ext4 makes new files slowly for a minute after many were deleted. */
  const intoNewFolder =
    (client: string, work: (targetName: string, targetFolder: string) => Promise<Run>) =>
    async (): Promise<Run> => {
      const targetName = `${name}-${direction}-${connections}-${(runs += 1)}`;
      const target = await (direction === 'upload'
        ? ground.theirFolder(targetName)
        : ground.ourFolder(targetName));
      await ground.settle();
      const run = await work(targetName, target);
      await requireFiles(client, target, { count: files, bytes: files * fileBytes });
      return run;
    };
  const byProduct = (way: Way) => async (targetName: string) =>
    product.transfer(await product.route(direction, `/${name}`, `/${targetName}`, way));
  const isOlder = needTls12(server, direction);
  const clients = {
    Waybill: intoNewFolder('Waybill', byProduct(isOlder ? 'tls12' : 'usual')),
    ...(isOlder && { 'Waybill, TLS 1.3': intoNewFolder('Waybill', byProduct('usual')) }),
    lftp: intoNewFolder('lftp', async (targetName, target) => {
      const source = await ground.ourFolder(name);
      const paths =
        direction === 'upload' ? { local: source, remote: targetName } : { local: target, remote: name };
      return peers.lftpMirror(direction, { ...paths, connections });
    }),
  };
  // A worker lives for weeks: what it is like until Node has compiled its code is not measured.
  await clients.Waybill();
  const measured = await interleave(clients, task.rounds, (line) =>
    say(`${fileBytes} bytes, ${connections} at once, ${direction}, ${line}`),
  );
  return compare(direction, measured, { amount: files, unit: 'files/s', connections });
}
