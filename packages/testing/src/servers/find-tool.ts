import { accessSync, constants, existsSync } from 'node:fs';
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/**
 * The path of a program that tests drive, as `scripts/install-test-tools.mjs` has put it there:
 * vsftpd, proftpd, pure-ftpd, pure-pw, python3-pyftpdlib, curl, lftp, openssl, redis-server, chromium.
 * @throws Error with what to run, when it is not there
 */
export function findTool(name: string): string {
  const folders = [...toolsFolders(), ...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  for (const folder of folders) {
    const path = join(folder, name);
    if (isProgram(path)) return path;
  }
  throw new Error(`${name} is not there: run \`node scripts/install-test-tools.mjs\` first`);
}

/** A folder of a tool's packages such as `usr/lib/proftpd`: the unpacked one, or else the system's. */
export function findToolFolder(tool: string, path: string): string {
  const unpacked = join(dirname(findTool(tool)), '../root', path);
  return existsSync(unpacked) ? realpathSync(unpacked) : join('/', path);
}

/** The same folders, in the same order, as in scripts/install-test-tools.mjs. */
function toolsFolders(): string[] {
  const shared = '/var/cache/waybill-test-tools/current/bin';
  if (process.getuid?.() === 0) return [shared];
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return [join(cache, 'waybill-test-tools/current/bin'), shared];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
