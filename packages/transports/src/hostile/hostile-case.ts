/** What a case of the catalogue is, and what every case must hold besides its own promise. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import { IMPATIENT_MS, PASSWORD, PATIENT, Scene } from '../test-support/scene.js';
import type { DefenceName } from './defences.js';

export interface HostileCase {
  /** Never used for another case: "REPLY-04". */
  id: string;
  /** What the server does, as a sentence. */
  title: string;
  /** Where it is described or was seen: RFC and section, CVE, server and version. */
  source: string;
  /** How it ends: with a failure of this kind, or as if nothing had been. */
  outcome: FailureKind | 'works';
  /** What must hold, as a sentence. */
  holds: string;
  /** Without any single one of them the case fails. */
  defences: DefenceName[];
  /** Throws where something does not hold. */
  run(scene: Scene): Promise<void>;
  /** How long it may take on a machine that does nothing else; ten seconds where not given. */
  limitMs?: number;
  /** It never comes to a dialogue. */
  isSilent?: boolean;
  /** Measures processor time, so nothing else may run meanwhile. */
  runsAlone?: boolean;
  /** The server sends without end, so memory is measured, and nothing else may run meanwhile. */
  isEndless?: boolean;
}

const LIMIT_MS = 10_000;
const CLEARING_MS = 5000;
/** Server and client are one process here: buffers of both, and what the garbage collector has not come round to. */
const MOST_GROWTH_BYTES = 384 << 20;
const LOOK_MS = 20;
/** Where the practice partner and the proxies are. */
const OURS = ['127.0.0.1', '127.0.0.2'];
const NEXT = Buffer.alloc(200_000, 'next job ');

/**
 * Runs a case on a scene of its own. Besides what the case itself asks for: it ends in time, the dialogue is kept, the
 * password is in no message and no record, nobody else was dialled, and the next job is done as if nothing had been.
 * @param patience the factor by which the limits are longer, for a machine that may be busy
 */
export async function runCase(one: HostileCase, patience: number): Promise<void> {
  // A busy machine may stand still for a while: that is not to be taken for a silent server.
  const isToWait = one.outcome === 'stalled' || one.outcome === 'connect_timeout';
  const scene = await Scene.set({ waitMs: isToWait ? IMPATIENT_MS : patience * IMPATIENT_MS });
  try {
    await scene.watch(async () => {
      const work = () => withinLimit(patience * (one.limitMs ?? LIMIT_MS), one.run(scene));
      await (one.isEndless ? withFlatMemory(work) : work());
      checkFailures(one, scene);
      checkSecrecy(scene);
      await takeNextJob(scene);
    });
    for (const address of scene.dialled) assert.ok(OURS.includes(address), `${address} was dialled`);
  } finally {
    await withinLimit(patience * CLEARING_MS, scene.strike());
  }
}

/** @throws AssertionError where memory grows by more than 384 MiB meanwhile */
export async function withFlatMemory(work: () => Promise<unknown>): Promise<void> {
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, LOOK_MS);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  const grown = peak - before;
  assert.ok(grown < MOST_GROWTH_BYTES, `memory grew by ${Math.round(grown / 2 ** 20)} MiB`);
}

async function withinLimit(limitMs: number, work: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const late = sleep(limitMs, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`It did not end within ${limitMs} ms.`);
  });
  late.catch(() => undefined);
  try {
    await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}

function checkFailures({ outcome, isSilent }: HostileCase, scene: Scene): void {
  if (outcome === 'works') return assert.deepEqual(scene.failures.map(String), []);
  assert.ok(
    scene.failures.some(({ kind }) => kind === outcome),
    `nothing failed with ${outcome}`,
  );
  const said = scene.records().flatMap(({ dialogue }) => dialogue);
  if (!isSilent) assert.ok(said.length > 0, 'no dialogue was kept');
}

function checkSecrecy(scene: Scene): void {
  const shown = [
    ...scene.failures.map(({ message }) => message),
    ...scene.records().map((record) => JSON.stringify(record)),
  ];
  // oxlint-disable-next-line no-control-regex -- what is looked for
  for (const text of shown) assert.doesNotMatch(text, /[\u0000-\u001f\u007f\u202e]/, 'it is not clean');
  for (const text of [...shown, ...scene.failures.map((error) => inspect(error, { depth: 9 }))])
    assert.ok(!text.includes(PASSWORD), 'the password is told');
}

/** A file there and back: with the same server, honest by now, or with another one where its settings are hostile. */
async function takeNextJob(scene: Scene): Promise<void> {
  const server = scene.servers.find(({ isOrdinary }) => isOrdinary) ?? (await scene.start());
  server.turnHonest();
  await scene.upload(server, NEXT, { ifExists: 'replace', target: await scene.open(server, PATIENT) });
  assert.ok((await readFile(join(server.root, 'a.bin'))).equals(NEXT), 'the next upload');
  const got = await scene.download(server, PATIENT);
  assert.ok(got.get('/got.bin')?.bytes.equals(NEXT), 'the next download');
}
