/** A transfer that takes many seconds to move, for what happens in the middle of it. */
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Server, type Site, emptyFolder, putFile } from './site.js';

/** No room on the disk where it is sparse. */
const HUGE_BYTES = 8 * 1024 ** 3;

export type Direction = 'send' | 'collect';

/** Starts it in folders that are empty but for its file, and waits until bytes flow: a worker has to be there. */
export async function startHuge(site: Site, server: Server, direction: Direction) {
  await emptyAll(site, server);
  const [from, to] =
    direction === 'send' ? [join(site.folder, 'out'), server.root] : [server.root, join(site.folder, 'in')];
  await putFile(from, 'huge.bin', '');
  const file = join(from, 'huge.bin');
  await truncate(file, HUGE_BYTES);
  const endpoint = await site.server(server);
  const route = await (direction === 'send' ? site.sendRoute(endpoint) : site.collectRoute(endpoint));
  const id = await site.start(route);
  await untilBytesFlow(site, id);
  return { id, file, to };
}

export async function emptyAll(site: Site, server: Server): Promise<void> {
  for (const name of ['out', 'in', 'archive']) await emptyFolder(join(site.folder, name));
  await emptyFolder(server.root);
}

async function untilBytesFlow(site: Site, id: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(20)) {
    const { movedBytes } = await site.database.app.transfer.findUniqueOrThrow({ where: { id } });
    if (movedBytes > 0n) return;
  }
  throw new Error('no byte has moved');
}
