/** Brings the practice partner that has been started into the database, with sample files to send. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { systemActor } from '@waybill/domain/actor.js';
import { registerPracticePartner } from '@waybill/domain/partners/register-practice-partner.js';
import { sealWith } from '@waybill/vault/seal.js';
import { LaunchError } from './config.js';

export interface PracticeRegistration {
  /** Of the role of the API. */
  databaseUrl: string;
  vaultPublicKey: string;
  /** As in WAYBILL_LOCAL_ROOTS; the first one gets a folder `practice`. */
  localRoots: { name: string; path: string }[];
  /** Where the practice partner keeps its password and its CA. */
  practiceFolder: string;
  host: string;
  explicitPort: number;
  implicitPort: number;
  passivePorts: { from: number; to: number };
  user: string;
  /** Ends the waiting for the partner with an error. */
  signal: AbortSignal;
}

const START_TIMEOUT_MS = 15_000;
const FOLDER = 'practice';

/**
 * Waits until the partner listens, then registers it; at later starts only follows its ports.
 * @throws LaunchError when it does not listen in time, or the local root cannot be written
 */
export async function registerPractice(registration: PracticeRegistration): Promise<void> {
  const root = registration.localRoots[0];
  if (root === undefined) return;
  await untilListening(registration, registration.explicitPort);
  await untilListening(registration, registration.implicitPort);
  const [password, caPem] = await Promise.all([
    readFile(join(registration.practiceFolder, 'password'), 'utf8'),
    readFile(join(registration.practiceFolder, 'pki/ca.pem'), 'utf8'),
  ]);
  await makeSamples(join(root.path, FOLDER));
  const seal = await sealWith(registration.vaultPublicKey);
  const database = openDatabase(registration.databaseUrl, {
    poolSize: 1,
    applicationName: 'waybill launcher',
  });
  try {
    const { host, explicitPort, implicitPort, passivePorts, user } = registration;
    await inTransaction(database, (tx) =>
      registerPracticePartner(
        tx,
        systemActor('launcher'),
        {
          ...{ host, explicitPort, implicitPort, passivePorts, user, caPem },
          password: password.trim(),
          rootName: root.name,
          localFolder: `/${FOLDER}`,
        },
        { seal, localRoots: registration.localRoots.map((one) => one.name) },
      ),
    );
  } finally {
    await database.$disconnect();
  }
}

async function untilListening({ host, signal }: PracticeRegistration, port: number): Promise<void> {
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    signal.throwIfAborted();
    if (await canConnect(host, port)) return;
    if (Date.now() > giveUpAt)
      throw new LaunchError(`The practice partner does not listen on ${host}:${port}.`);
    await sleep(50);
  }
}

function canConnect(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

/** A few files to send, the first time only; all of them or, when the disk is full, none. */
async function makeSamples(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const made = `${folder}.new`;
  await rm(made, { recursive: true, force: true });
  try {
    await mkdir(made);
    await mkdir(join(made, 'inbox'));
    await mkdir(join(made, 'outbox'));
    for (const [name, content] of Object.entries(SAMPLES))
      await writeFile(join(made, 'outbox', name), content());
    await rename(made, folder);
  } catch (cause) {
    await rm(made, { recursive: true, force: true });
    throw new LaunchError(`Files to try cannot be laid into ${folder} (${(cause as Error).message}).`, {
      cause,
    });
  }
}

const SAMPLES = {
  'orders-4711.csv': () =>
    [
      'order_id;article;quantity;delivery_date',
      '4711;A-100;12;2026-12-01',
      '4712;B-220;3;2026-12-04',
      '',
    ].join('\r\n'),
  'Grüße aus Zürich.txt': () => 'Names with spaces and umlauts arrive as they are.\n',
  // Large enough to watch it move.
  'catalogue-2026.bin': () => Buffer.alloc(64 * 1024 * 1024, 'waybill '),
};
