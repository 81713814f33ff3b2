/** A site for all tests of a file, begun anew before each. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach } from '@jest/globals';
import { type Site, emptyFolder, openSite } from './site.js';

/** @param folders emptied before each test; its workers and servers are ended after each */
export async function useSite(...folders: string[]): Promise<Site> {
  const site = await openSite();
  beforeEach(async () => {
    for (const name of folders) await emptyFolder(join(site.folder, name));
  });
  afterEach(async () => {
    await site.endWorkers();
    await site.stopServers();
  });
  afterAll(() => site.close());
  return site;
}
