/**
 * The data folder remembers which database it goes with. Without that, a start that has lost its DATABASE_URL (a
 * shell beside the service) would make an empty database and work on that.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LaunchError, type LauncherConfig } from './config.js';
import { writeWhole, type DataFolder } from './data-folder.js';

const EMBEDDED = 'embedded';

/** Host, port and name of the database, without the login. */
function databaseOf(config: LauncherConfig): string {
  if (config.databaseUrl === null) return EMBEDDED;
  const { host, pathname } = new URL(config.databaseUrl);
  return host + pathname;
}

const fileOf = (folder: DataFolder): string => join(folder.path, 'database-in-use');

async function rememberedDatabase(folder: DataFolder): Promise<string | null> {
  try {
    return (await readFile(fileOf(folder), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

export async function rememberDatabase(config: LauncherConfig, folder: DataFolder): Promise<void> {
  await writeWhole(fileOf(folder), `${databaseOf(config)}\n`);
}

/** @throws LaunchError where the folder goes with a database of one's own and none is configured */
export async function requireUsualDatabase(config: LauncherConfig, folder: DataFolder): Promise<void> {
  const usual = await rememberedDatabase(folder);
  if (config.databaseUrl !== null || usual === null || usual === EMBEDDED) return;
  throw new LaunchError(
    `The data folder ${folder.path} goes with the database ${usual}, and DATABASE_URL is not set. Set it as ` +
      `before, or choose another folder with WAYBILL_DATA. (To leave that database: delete ${fileOf(folder)}.)`,
  );
}

/** @throws LaunchError where the Waybill that runs on the folder has another database than the one configured */
export async function requireDatabaseInUse(config: LauncherConfig, folder: DataFolder): Promise<void> {
  const used = await rememberedDatabase(folder);
  if (used === databaseOf(config)) return;
  if (used === null) throw new LaunchError('Waybill is just being started here. Try again in a moment.');
  throw new LaunchError(
    used === EMBEDDED
      ? 'Waybill is running with a database of its own, but DATABASE_URL is set. Leave it out.'
      : `Waybill is running with the database ${used}. Set DATABASE_URL here as it is set there.`,
  );
}
