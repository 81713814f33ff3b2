/** The practice partner: an explicit and an implicit FTPS server over one folder, for trying Waybill out. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './error-facts.js';
import { makePracticePki } from './practice-pki.js';
import { makeSampleFolders } from './sample-files.js';
import type { ServerEvent } from './server-options.js';
import { startFtpsServer, type FtpsServer } from './start-ftps-server.js';
import { writePrivately } from './write-privately.js';

export interface PracticePartnerOptions {
  /** Everything is kept here: pki/, password and files/ (with inbox/ and outbox/). */
  folder: string;
  /** 0: any free port. */
  explicitPort: number;
  /** 0: any free port. */
  implicitPort: number;
  user: string;
  /** Ports of data connections; default: any free port. */
  passivePorts?: { from: number; to: number };
  onEvent?: (event: ServerEvent) => void;
}

export interface PracticePartner {
  explicit: FtpsServer;
  implicit: FtpsServer;
  user: string;
  password: string;
  /** PEM of the CA to trust. */
  caPem: string;
  /** What clients see as `/`. */
  filesFolder: string;
  close(): Promise<void>;
}

/**
 * Starts both servers on loopback; what is missing in the folder is made.
 * @throws Error in production, and when a port is taken
 */
export async function startPracticePartner(options: PracticePartnerOptions): Promise<PracticePartner> {
  // Asked here and not left to a caller's configuration: this must hold whoever starts it.
  // oxlint-disable-next-line node/no-process-env
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error(
      'The practice partner is for trying out and does not start when NODE_ENV is "production"',
    );
  }
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const pki = await makePracticePki(join(options.folder, 'pki'));
  const password = await keepPassword(join(options.folder, 'password'));
  const filesFolder = join(options.folder, 'files');
  await makeSampleFolders(filesFolder);
  const settings = {
    root: filesFolder,
    users: [{ name: options.user, password }],
    tls: pki.server,
    ...(options.passivePorts ? { passivePorts: options.passivePorts } : {}),
    ...(options.onEvent ? { onEvent: options.onEvent } : {}),
  };
  const explicit = await startFtpsServer({ ...settings, mode: 'explicit', port: options.explicitPort });
  let implicit: FtpsServer;
  try {
    implicit = await startFtpsServer({ ...settings, mode: 'implicit', port: options.implicitPort });
  } catch (error) {
    await explicit.close();
    throw error;
  }
  return {
    explicit,
    implicit,
    user: options.user,
    password,
    caPem: pki.ca.cert,
    filesFolder,
    close: async () => {
      await Promise.all([explicit.close(), implicit.close()]);
    },
  };
}

/** Made at random at first start and kept in the folder. */
async function keepPassword(path: string): Promise<string> {
  try {
    const kept = (await readFile(path, 'utf8')).trim();
    if (kept !== '') return kept;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const made = randomBytes(18).toString('base64url');
  await writePrivately(path, `${made}\n`);
  return made;
}
