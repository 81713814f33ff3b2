/**
 * What every transport must do, as cases to run against each of them: memory, local folder, FTPS against real
 * servers. A case opens what it needs, works in a folder of its own fixture, and throws where a promise of
 * `transport.ts` or `moveFile` is broken.
 */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import { createRunningHash } from '../hash-algorithms.js';
import { openMemory, type MemoryFiles } from '../memory.js';
import { moveFile, type MoveRequest } from '../move-file.js';
import { CannotResumeError, TransportError } from '../transport-error.js';
import type { HashRequest, Transport } from '../transport.js';

export interface SuiteFixture {
  /** A new session on the same place. The signal ends it. */
  open(signal: AbortSignal): Promise<Transport>;
}

export interface SuiteCase {
  title: string;
  run(fixture: SuiteFixture): Promise<void>;
}

/** What ends within this is "at once" for somebody who pressed cancel. */
const CANCEL_WITHIN_MS = 2000;
const quiet = new AbortController().signal;

/** Names that people really use, and that naive code gets wrong. */
export const AWKWARD_NAMES = [
  'with space.txt',
  ' leading space.txt',
  'Grüße aus Köln – 价格.csv',
  'semi;colon=equals.txt',
  'quote\'and"double.txt',
  'percent%20 #hash [1].txt',
  '-dash first.txt',
];

/** The content of a test file: random, so that a swapped or repeated block shows. */
function content(sizeBytes: number): Buffer {
  return randomBytes(sizeBytes);
}

export async function* chunksOf(bytes: Buffer, chunkBytes = 100_000): AsyncGenerator<Buffer> {
  for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
    yield bytes.subarray(offset, offset + chunkBytes);
  }
}

/** A source that never ends, one MiB at a time. */
async function* endless(): AsyncGenerator<Buffer> {
  const chunk = Buffer.alloc(1024 * 1024, 'e');
  for (;;) {
    yield chunk;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

export async function readAll(transport: Transport, path: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const { bytes } = await transport.read(path, (chunk) => void chunks.push(Buffer.from(chunk)), {
    signal: quiet,
  });
  const all = Buffer.concat(chunks);
  assert.equal(bytes, all.length);
  return all;
}

/** The work must fail with this kind. */
export async function assertFails(work: Promise<unknown>, kind: FailureKind): Promise<TransportError> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof TransportError, `not a TransportError: ${String(error)}`);
    assert.equal(error.kind, kind, error.message);
    return error;
  }
  throw new assert.AssertionError({ message: `It should have failed with ${kind}.` });
}

/** Runs the work with an open session, which is closed whatever happens. */
async function withSession(
  fixture: SuiteFixture,
  work: (transport: Transport) => Promise<void>,
): Promise<void> {
  const transport = await fixture.open(quiet);
  try {
    await work(transport);
  } finally {
    await transport.close();
  }
}

/** A request for `moveFile` with the ordinary choices. */
export function moveRequest(
  request: Pick<MoveRequest, 'source' | 'sourcePath' | 'target' | 'targetPath' | 'reopenTarget'> &
    Partial<MoveRequest>,
): MoveRequest {
  const slash = request.targetPath.lastIndexOf('/') + 1;
  return {
    temporaryPath: `${request.targetPath.slice(0, slash)}.waybill-${request.targetPath.slice(slash)}.part`,
    ifExists: 'fail',
    expected: { sizeBytes: null, modifiedAt: null },
    signal: quiet,
    ...request,
  };
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const basics: SuiteCase[] = [
  ...[0, 1, 65_537, 3 * 1024 * 1024 + 17].map((sizeBytes) => ({
    title: `gives back the ${sizeBytes} bytes that were written`,
    run: (fixture: SuiteFixture) =>
      withSession(fixture, async (transport) => {
        const bytes = content(sizeBytes);
        const written = await transport.write('/round-trip.bin', chunksOf(bytes), { signal: quiet });
        assert.equal(written.bytes, sizeBytes);
        assert.equal((await transport.stat('/round-trip.bin'))?.sizeBytes, sizeBytes);
        assert.ok(bytes.equals(await readAll(transport, '/round-trip.bin')));
        assert.ok(transport.usable);
      }),
  })),
  {
    title: 'writes many empty files one after the other',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        for (let index = 0; index < 20; index += 1) {
          await transport.write(`/empty-${index}`, chunksOf(content(0)), { signal: quiet });
          assert.equal((await transport.stat(`/empty-${index}`))?.sizeBytes, 0);
        }
      }),
  },
  {
    title: 'empties a file before writing it anew',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        await transport.write('/again.txt', chunksOf(Buffer.from('something long')), { signal: quiet });
        await transport.write('/again.txt', chunksOf(Buffer.from('short')), { signal: quiet });
        assert.equal((await readAll(transport, '/again.txt')).toString(), 'short');
      }),
  },
  {
    title: 'writes, lists, reads and renames files with awkward names',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        for (const name of AWKWARD_NAMES)
          await transport.write(`/${name}`, chunksOf(Buffer.from(name)), { signal: quiet });
        const { entries } = await transport.list('/');
        for (const name of AWKWARD_NAMES) {
          const entry = entries.find((candidate) => candidate.name === name);
          assert.equal(entry?.kind, 'file', `${name} is not in the listing`);
          assert.equal(entry.path, `/${name}`);
          assert.equal(entry.sizeBytes, Buffer.byteLength(name));
          assert.equal((await readAll(transport, entry.path)).toString(), name);
          await transport.rename(entry.path, `${entry.path}.done`, 'fail');
          assert.equal((await transport.stat(`${entry.path}.done`))?.sizeBytes, Buffer.byteLength(name));
        }
      }),
  },
  {
    title: 'says null for a file that is not there',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        assert.equal(await transport.stat('/no such file'), null);
        assert.ok(transport.usable);
      }),
  },
  {
    title: 'fails with not_found when reading a file or listing a folder that is not there',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        await assertFails(readAll(transport, '/no such file'), 'not_found');
        assert.ok(transport.usable, 'a plain no must not cost the session');
        await assertFails(transport.list('/no such folder'), 'not_found');
      }),
  },
  {
    title: 'replaces the target of a rename and removes files, and says whether they were there',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        await transport.write('/old', chunksOf(Buffer.from('old')), { signal: quiet });
        await transport.write('/new', chunksOf(Buffer.from('new')), { signal: quiet });
        await transport.rename('/new', '/old', 'replace');
        assert.equal((await readAll(transport, '/old')).toString(), 'new');
        assert.equal(await transport.remove('/old'), true);
        assert.equal(await transport.stat('/old'), null);
        assert.equal(await transport.remove('/old'), false);
        assert.equal(await transport.remove('/no such folder/old'), false);
      }),
  },
  {
    title: 'refuses paths that leave the root or carry control characters',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        const bad = [
          '/../etc/passwd',
          '/a/../../b',
          'relative',
          '/a\\b',
          '/a\r\nDELE b',
          '/nul\0',
          '/\u202ecod.exe',
        ];
        for (const path of bad) {
          await assertFails(transport.stat(path), 'name_refused');
          await assertFails(transport.write(path, chunksOf(content(1)), { signal: quiet }), 'name_refused');
          await assertFails(readAll(transport, path), 'name_refused');
          await assertFails(transport.rename('/x', path, 'replace'), 'name_refused');
          await assertFails(transport.remove(path), 'name_refused');
        }
        assert.ok(transport.usable);
      }),
  },
  {
    title: 'stops reading at once when cancelled',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        await transport.write('/large', chunksOf(content(8 * 1024 * 1024)), { signal: quiet });
        const cancel = new AbortController();
        let cancelledAt = 0;
        const slowSink = async (): Promise<void> => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          cancelledAt ||= performance.now();
          cancel.abort();
        };
        await assertFails(transport.read('/large', slowSink, { signal: cancel.signal }), 'cancelled');
        assert.ok(performance.now() - cancelledAt < CANCEL_WITHIN_MS);
      }),
  },
  {
    title: 'goes on in the middle of a file, reading and writing, and says where it began',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        const bytes = content(3 * 1024 * 1024 + 17);
        const at = 1_500_001;
        await transport.write('/half.bin', chunksOf(bytes.subarray(0, at)), { signal: quiet });
        const rest = { signal: quiet, startAt: at };
        const written = await transport.write('/half.bin', chunksOf(bytes.subarray(at)), rest);
        assert.equal(written.bytes, bytes.length - at);
        assert.ok(bytes.equals(await readAll(transport, '/half.bin')));
        const chunks: Buffer[] = [];
        let position = at;
        const read = await transport.read(
          '/half.bin',
          (chunk, chunkAt) => {
            assert.equal(chunkAt, position);
            position += chunk.length;
            chunks.push(Buffer.from(chunk));
          },
          rest,
        );
        assert.equal(read.bytes, bytes.length - at);
        assert.equal(read.startedAt, at);
        assert.ok(bytes.subarray(at).equals(Buffer.concat(chunks)));
        assert.ok(transport.usable);
      }),
  },
  {
    title: 'does not go on where the file is not as long as was said, and takes nothing from the source',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        await transport.write('/short.bin', chunksOf(content(1000)), { signal: quiet });
        async function* untouched(): AsyncGenerator<Buffer> {
          assert.fail('the source was asked');
        }
        for (const startAt of [999, 1001]) {
          const writing = transport.write('/short.bin', untouched(), { signal: quiet, startAt });
          await assert.rejects(writing, CannotResumeError);
        }
        const writing = transport.write('/none.bin', untouched(), { signal: quiet, startAt: 1 });
        await assert.rejects(writing, TransportError);
        assert.equal((await transport.stat('/short.bin'))?.sizeBytes, 1000);
        assert.equal(await transport.stat('/none.bin'), null);
        assert.ok(transport.usable);
      }),
  },
  {
    title: 'gives a file the time that it is told, where it says that it can',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        await transport.write('/dated.bin', chunksOf(content(10)), { signal: quiet });
        const at = new Date('2024-02-29T12:34:56Z');
        if (!(await transport.setModifiedAt('/dated.bin', at))) return;
        assert.equal((await transport.stat('/dated.bin'))?.modifiedAt?.toISOString(), at.toISOString());
      }),
  },
  {
    title: 'computes the hash that it says it can, of all of a file and of its beginning, whatever the name',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        const algorithm = transport.hashAlgorithm;
        if (algorithm === null) return;
        const bytes = content(100_000);
        for (const path of ['/hash me', '/hashed']) {
          await transport.write(path, chunksOf(bytes), { signal: quiet });
          for (const firstBytes of [undefined, 50_000]) {
            const hash = createRunningHash(algorithm);
            hash.update(bytes.subarray(0, firstBytes));
            const request: HashRequest = { algorithm, ...(firstBytes !== undefined && { firstBytes }) };
            assert.equal(await transport.hashByServer(path, request), hash.digest());
          }
        }
      }),
  },
  {
    title: 'passes on the error of a source that breaks',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        async function* broken(): AsyncGenerator<Buffer> {
          yield content(100_000);
          throw new TransportError('source_changed', 'transfer', 'It changed.');
        }
        await assertFails(transport.write('/broken', broken(), { signal: quiet }), 'source_changed');
      }),
  },
];

const moves: SuiteCase[] = [
  {
    title: 'moves a file in and out again with the same hash and no temporary file left',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        const bytes = content(2 * 1024 * 1024 + 5);
        const files: MemoryFiles = new Map([['/a.bin', { bytes, modifiedAt: new Date() }]]);
        const memory = openMemory(files, 'source');
        const sent = await moveFile(
          moveRequest({
            source: memory,
            sourcePath: '/a.bin',
            target: transport,
            targetPath: '/b.bin',
            reopenTarget: (signal) => fixture.open(signal),
            onVerified: async (moved) => {
              assert.equal((await transport.stat('/.waybill-b.bin.part'))?.sizeBytes, moved.bytes);
              assert.equal(
                await transport.stat('/b.bin'),
                null,
                'the final name must only appear at the end',
              );
            },
          }),
        );
        assert.equal(sent.sha256, sha256Of(bytes));
        assert.equal(sent.bytes, bytes.length);
        assert.equal((await transport.stat('/b.bin'))?.sizeBytes, bytes.length);
        assert.equal(await transport.stat('/.waybill-b.bin.part'), null);
        const got = await moveFile(
          moveRequest({
            source: transport,
            sourcePath: '/b.bin',
            target: memory,
            targetPath: '/c.bin',
            reopenTarget: async () => memory,
          }),
        );
        assert.equal(got.sha256, sent.sha256);
        assert.ok(files.get('/c.bin')?.bytes.equals(bytes));
        assert.deepEqual([...files.keys()].sort(), ['/a.bin', '/c.bin']);
      }),
  },
  {
    title: 'does not touch a file that exists when told to fail, and replaces it when told to',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        await transport.write('/there', chunksOf(Buffer.from('old')), { signal: quiet });
        const memory = openMemory(
          new Map([['/there', { bytes: Buffer.from('newer'), modifiedAt: new Date() }]]),
          'source',
        );
        const request = moveRequest({
          source: memory,
          sourcePath: '/there',
          target: transport,
          targetPath: '/there',
          reopenTarget: (signal) => fixture.open(signal),
        });
        await assertFails(moveFile(request), 'target_exists');
        assert.equal((await readAll(transport, '/there')).toString(), 'old');
        await moveFile({ ...request, ifExists: 'replace' });
        assert.equal((await readAll(transport, '/there')).toString(), 'newer');
      }),
  },
  {
    title: 'ends within two seconds of a cancel, with no final name and no temporary file',
    async run(fixture) {
      const cancel = new AbortController();
      const transport = await fixture.open(cancel.signal);
      const memory = openMemory(
        new Map([['/big', { bytes: Buffer.alloc(0), modifiedAt: new Date() }]]),
        'source',
      );
      const neverEnding: Transport = {
        ...memory,
        usable: true,
        async read(_path, sink, { signal }) {
          let bytes = 0;
          for await (const chunk of endless()) {
            if (signal.aborted) throw new TransportError('cancelled', 'transfer', 'Cancelled.');
            await sink(chunk, bytes);
            bytes += chunk.length;
          }
          return { bytes, startedAt: 0, gone: false };
        },
      };
      let cancelledAt = 0;
      const request = moveRequest({
        source: neverEnding,
        sourcePath: '/big',
        target: transport,
        targetPath: '/cancelled.bin',
        signal: cancel.signal,
        reopenTarget: (signal) => fixture.open(signal),
        onProgress: (bytes) => {
          if (bytes < 4 * 1024 * 1024 || cancelledAt > 0) return;
          cancelledAt = performance.now();
          cancel.abort();
        },
      });
      const error = await assertFails(moveFile(request), 'cancelled');
      const tookMs = performance.now() - cancelledAt;
      await transport.close();
      assert.equal(error.move?.temporaryLeft, false);
      assert.ok(tookMs < CANCEL_WITHIN_MS, `it took ${Math.round(tookMs)} ms`);
      await withSession(fixture, async (fresh) => {
        assert.equal(await fresh.stat('/cancelled.bin'), null);
        assert.equal(await fresh.stat(request.temporaryPath), null);
      });
    },
  },
  {
    title: 'does not move a file onto itself where source and target turn out to be one folder',
    run: (fixture) =>
      withSession(fixture, (source) =>
        withSession(fixture, async (target) => {
          await target.write('/only copy', chunksOf(Buffer.from('precious')), { signal: quiet });
          const request = moveRequest({
            source,
            sourcePath: '/only copy',
            target,
            targetPath: '/only copy',
            ifExists: 'replace',
            reopenTarget: (signal) => fixture.open(signal),
          });
          const error = await assertFails(moveFile(request), 'name_refused');
          assert.equal(error.move?.temporaryLeft, false);
          assert.equal(await target.stat(request.temporaryPath), null);
          assert.equal((await readAll(source, '/only copy')).toString(), 'precious');
        }),
      ),
  },
  {
    title: 'fails before it writes when the source is not what was listed',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        const memory = openMemory(
          new Map([['/a', { bytes: Buffer.from('abc'), modifiedAt: new Date() }]]),
          'source',
        );
        const request = moveRequest({
          source: memory,
          sourcePath: '/a',
          target: transport,
          targetPath: '/a',
          reopenTarget: (signal) => fixture.open(signal),
          expected: { sizeBytes: 4, modifiedAt: null },
        });
        await assertFails(moveFile(request), 'source_changed');
        assert.equal(await transport.stat('/a'), null);
      }),
  },
];

export const transportSuite: SuiteCase[] = [...basics, ...moves];
