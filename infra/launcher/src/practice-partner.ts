/** The practice partner as the launcher sees it: its ports, and its place in the database. */
import { readFile } from 'node:fs/promises';
import { PRACTICE_PASSIVE_PORTS, PRACTICE_USER, type LauncherConfig } from './config.js';
import type { DataFolder } from './data-folder.js';
import type { Installation } from './installation.js';
import { keepPort, requireFreePort } from './ports.js';
import { registerPractice } from './register-practice.js';
import { vaultKeyFiles } from './vault-keys.js';

const HOST = '127.0.0.1';
const EXPLICIT_PORT = 2121;
const IMPLICIT_PORT = 2990;

export interface PracticePorts {
  explicit: number;
  implicit: number;
}

/** @throws LaunchError when a port that was asked for is taken */
export async function requirePracticePorts({ isProduction, practicePorts }: LauncherConfig): Promise<void> {
  const { explicit, implicit } = practicePorts;
  if (isProduction) return;
  if (explicit !== null) await requireFreePort(explicit, HOST, 'WAYBILL_PRACTICE_EXPLICIT_PORT');
  if (implicit !== null) await requireFreePort(implicit, HOST, 'WAYBILL_PRACTICE_IMPLICIT_PORT');
}

/** Those that were asked for; else the ones that it had before, or that are free. */
export async function choosePracticePorts(
  config: LauncherConfig,
  folder: DataFolder,
): Promise<PracticePorts> {
  const { explicit, implicit } = config.practicePorts;
  const reserved = [config.port, explicit, implicit].filter((port) => port !== null);
  return {
    explicit: explicit ?? (await keepPort(folder.path, 'practiceExplicit', EXPLICIT_PORT, reserved)),
    implicit: implicit ?? (await keepPort(folder.path, 'practiceImplicit', IMPLICIT_PORT, reserved)),
  };
}

/**
 * Waits until it listens and makes its endpoints and routes, or follows its ports where they are there already.
 * @throws LaunchError when it does not listen in time
 */
export async function registerPracticePartner(
  config: LauncherConfig,
  { folder, database }: Installation,
  { explicit, implicit, signal }: PracticePorts & { signal: AbortSignal },
): Promise<void> {
  const vaultPublicKey = (await readFile(vaultKeyFiles(folder).publicKeyFile, 'utf8')).trim();
  await registerPractice({
    databaseUrl: database.urls.app,
    vaultPublicKey,
    localRoots: config.localRoots,
    practiceFolder: folder.practice,
    host: HOST,
    explicitPort: explicit,
    implicitPort: implicit,
    passivePorts: PRACTICE_PASSIVE_PORTS,
    user: PRACTICE_USER,
    signal,
  });
}
