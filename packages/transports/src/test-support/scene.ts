/**
 * Where a server misbehaves and Waybill has to cope: the practice partner under a script, files that are sent to it
 * and collected from it, and what was seen meanwhile. Knows nothing of the test runner.
 */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_FTPS_SETTINGS } from '@waybill/contracts/ftps-settings.js';
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import { makePracticePki, type PracticePki } from '@waybill/ftps-server/practice-pki.js';
import type { Script } from '@waybill/ftps-server/script.js';
import type { FtpsServerOptions } from '@waybill/ftps-server/server-options.js';
import { startFtpsServer, type FtpsServer } from '@waybill/ftps-server/start-ftps-server.js';
import { Secret } from '@waybill/vault/secret.js';
import type { FtpsEndpoint } from '../endpoint.js';
import type { MemoryFiles } from '../memory.js';
import { moveFile, type MoveRequest, type MoveResult } from '../move-file.js';
import { TransportError } from '../transport-error.js';
import type { ReadResult, SessionRecord, Transport } from '../transport.js';
import { assertFails } from './assert-fails.js';
import { memoryWith } from './memory-with.js';
import { moveRequest } from './move-request.js';
import { type EndpointChanges, openForTest, quiet } from './open-for-test.js';

export const PASSWORD = 'correct horse';

/** Long enough for a busy machine to answer. */
const PATIENT_MS = 15_000;
/** Where silence is to be met: many cases wait for the end of it. */
export const IMPATIENT_MS = 1500;

/** An endpoint that waits so long for anything. */
const waiting = (waitMs: number) => ({
  connectTimeoutMs: waitMs,
  idleTimeoutMs: waitMs,
  settings: { dataTimeoutMs: waitMs, stallTimeoutMs: waitMs },
});
/** For sessions in which nothing hostile is to happen any more. */
export const PATIENT: EndpointChanges = waiting(PATIENT_MS);
export const IMPATIENT: EndpointChanges = waiting(IMPATIENT_MS);

export type StagedPartner = FtpsServer & {
  /** The folder that its files are in. */
  root: string;
  /** Every command line of every session, in order; of PASS only the verb. */
  commands: string[];
  /** Whether it differs from an honest one in nothing but its script. */
  isOrdinary: boolean;
  /** From now on it is as honest as without a script. */
  turnHonest(): void;
};

/** Each dial of this process belongs to the scene in whose course it was made. */
const current = new AsyncLocalStorage<Scene>();
subscribe('net.client.socket', (message) => {
  const scene = current.getStore();
  const { socket } = message as { socket: Socket };
  if (scene) socket.on('connectionAttempt', (address: string) => scene.dialled.add(address));
});

let pki: Promise<PracticePki> | undefined;

/** One authority and one certificate for all scenes of this process. */
async function makePki(): Promise<PracticePki> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-pki-'));
  try {
    return await makePracticePki(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export class Scene {
  /** What has to be ended with it, besides the servers and sessions that it starts itself. */
  readonly toEnd: (() => Promise<unknown>)[] = [];
  readonly servers: StagedPartner[] = [];
  readonly sessions: Transport[] = [];
  readonly failures: TransportError[] = [];
  /** Addresses that anything in the course of it has dialled. */
  readonly dialled = new Set<string>();

  private constructor(
    readonly folder: string,
    readonly pki: PracticePki,
    private readonly waitMs: number,
  ) {}

  /** @param waitMs how long its endpoints wait for anything, where they are not told otherwise */
  static async set({ waitMs = PATIENT_MS } = {}): Promise<Scene> {
    pki ??= makePki();
    return new Scene(await mkdtemp(join(tmpdir(), 'waybill-hostile-')), await pki, waitMs);
  }

  /** Runs the work so that its dials count as those of this scene. */
  watch<T>(work: () => Promise<T>): Promise<T> {
    return current.run(this, work);
  }

  async start(options: Partial<FtpsServerOptions> = {}): Promise<StagedPartner> {
    const root = await mkdtemp(join(this.folder, 'root-'));
    const commands: string[] = [];
    const staged = stage(options.script ?? {}, commands);
    const server = await startFtpsServer({
      mode: 'explicit',
      root,
      users: [{ name: 'partner', password: PASSWORD }],
      tls: this.pki.server,
      ...options,
      limits: { loginFailureDelayMs: 0, ...options.limits },
      script: staged.script,
    });
    this.toEnd.push(() => server.close());
    const isOrdinary = Object.keys(options).every((name) => name === 'script');
    const partner = { ...server, root, commands, isOrdinary, turnHonest: staged.turnHonest };
    this.servers.push(partner);
    return partner;
  }

  /** A server with this script, whose `a.bin` holds this. */
  async serve(script: Script, content: Buffer | string): Promise<StagedPartner> {
    const server = await this.start({ script });
    await writeFile(join(server.root, 'a.bin'), content);
    return server;
  }

  endpoint(
    server: { port: number; protocol?: FtpsEndpoint['protocol'] },
    changes: EndpointChanges = {},
  ): FtpsEndpoint {
    const times = waiting(this.waitMs);
    return {
      protocol: server.protocol ?? 'ftps_explicit',
      host: '127.0.0.1',
      port: server.port,
      username: 'partner',
      password: new Secret(PASSWORD),
      trust: { mode: 'chosen_cas', caPems: [this.pki.ca.cert] },
      serverName: null,
      tlsMinVersion: 'TLSv1.2',
      ...times,
      ...changes,
      settings: { ...DEFAULT_FTPS_SETTINGS, ...times.settings, ...changes.settings },
    };
  }

  async open(
    server: { port: number },
    changes: EndpointChanges = {},
    signal?: AbortSignal,
  ): Promise<Transport> {
    return this.keep(await openForTest(this.endpoint(server, changes), signal && { signal }));
  }

  /** Has the session closed with the scene, and its record looked at. */
  keep(transport: Transport): Transport {
    this.sessions.push(transport);
    this.toEnd.push(() => transport.close());
    return transport;
  }

  /** Sends `/a.bin` from memory. Whatever comes of it, the source is still there and the final name is whole. */
  async upload(
    server: { port: number; root?: string },
    bytes: Buffer,
    changes: Partial<MoveRequest> = {},
  ): Promise<MoveResult> {
    const target = changes.target ?? (await this.open(server, {}, changes.signal));
    const { memory, files } = memoryWith(bytes);
    const finalPath = join(server.root ?? '', 'a.bin');
    const before = await readIfThere(finalPath);
    const request = moveRequest({
      source: memory,
      sourcePath: '/a.bin',
      target,
      targetPath: '/a.bin',
      reopenTarget: () => this.open(server, PATIENT),
      ...changes,
    });
    try {
      return await moveFile(request);
    } catch (error) {
      const after = await readIfThere(finalPath);
      const isPart = after !== null && after.length < bytes.length && bytes.indexOf(after) === 0;
      const isKnown = error instanceof TransportError && error.move?.uncertain === true;
      assert.ok(!isPart || before?.equals(after) || isKnown, 'the final name holds a part of the file');
      throw error;
    } finally {
      assert.ok(files.get('/a.bin')?.bytes.equals(bytes), 'the source is not what it was');
    }
  }

  /**
   * Collects `/a.bin` into memory, as `/got.bin`; where that fails, nothing may be left there but what is told to be left
   * until the source was asked, and that has not the final name.
   */
  async download(server: { port: number }, changes: EndpointChanges = {}): Promise<MemoryFiles> {
    const source = await this.open(server, changes);
    const { memory, files } = memoryWith(Buffer.alloc(0));
    files.clear();
    const request = moveRequest({
      source,
      sourcePath: '/a.bin',
      target: memory,
      targetPath: '/got.bin',
      reopenTarget: async () => memory,
    });
    try {
      await moveFile(request);
    } catch (error) {
      const isKnown = error instanceof TransportError && error.move?.sourceUnclear === true;
      const left = [...files.keys()].filter((path) => !isKnown || path === '/got.bin');
      assert.deepEqual(left, [], 'a part of the file was left');
      throw error;
    }
    return files;
  }

  /** Reads `/a.bin` through a session, keeping nothing. */
  read(transport: Transport): Promise<ReadResult> {
    return transport.read('/a.bin', () => undefined, { signal: quiet });
  }

  /** The work must fail with this kind, and in words that match. */
  async fails(work: Promise<unknown>, kind: FailureKind, words: RegExp = /./): Promise<TransportError> {
    const error = await assertFails(work, kind);
    assert.match(error.message, words);
    this.failures.push(error);
    return error;
  }

  /** What was recorded of every session, those that never stood included. */
  records(): SessionRecord[] {
    const ofFailures = this.failures.flatMap(({ record }) => record ?? []);
    return [...this.sessions.map((session) => session.record()), ...ofFailures];
  }

  /** Ends what was started, the last first. */
  async clear(): Promise<void> {
    for (const end of this.toEnd.splice(0).reverse()) await end();
  }

  async strike(): Promise<void> {
    await this.clear();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export const megabytes = (count: number): Buffer => Buffer.alloc(count * 1024 * 1024, 'm');

async function readIfThere(path: string): Promise<Buffer | null> {
  return await readFile(path).catch(() => null);
}

/** The script, with every command noted, until the server turns honest. */
function stage(script: Script, commands: string[]): { script: Script; turnHonest(): void } {
  let acting = script;
  return {
    turnHonest: () => {
      acting = {};
    },
    script: {
      onCommand: (session, verb, argument) => {
        commands.push(verb === 'PASS' || argument === '' ? verb : `${verb} ${argument}`);
        return acting.onCommand?.(session, verb, argument);
      },
      onReply: (...turn) => acting.onReply?.(...turn),
      onDataOpen: (...turn) => acting.onDataOpen?.(...turn),
      transformListing: (session, verb, lines) => acting.transformListing?.(session, verb, lines) ?? lines,
    },
  };
}
