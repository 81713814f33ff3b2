/**
 * What every transport must do, as cases to run against each of them: memory, local folder, FTPS against real
 * servers. A case opens what it needs, works in a folder of its own fixture, and throws where a promise of
 * `transport.ts` or `moveFile` is broken. Contents are random, so that a swapped or repeated block shows.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createRunningHash } from '../hash-algorithms.js';
import { CannotResumeError, TransportError } from '../transport-error.js';
import type { HashRequest, Seen } from '../transport.js';
import { assertFails } from './assert-fails.js';
import { AWKWARD_NAMES } from './awkward-names.js';
import { chunksOf } from './chunks-of.js';
import { moveSuite } from './move-suite.js';
import { quiet } from './open-for-test.js';
import { readAll } from './read-all.js';
import { CANCEL_WITHIN_MS, type SuiteCase, type SuiteFixture, withSession } from './suite-case.js';

const basics: SuiteCase[] = [
  ...[0, 1, 65_537, 3 * 1024 * 1024 + 17].map((sizeBytes) => ({
    title: `gives back the ${sizeBytes} bytes that were written`,
    run: (fixture: SuiteFixture) =>
      withSession(fixture, async (transport) => {
        const bytes = randomBytes(sizeBytes);
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
          await transport.write(`/empty-${index}`, chunksOf(randomBytes(0)), { signal: quiet });
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
          await assertFails(
            transport.write(path, chunksOf(randomBytes(1)), { signal: quiet }),
            'name_refused',
          );
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
        await transport.write('/large', chunksOf(randomBytes(8 * 1024 * 1024)), { signal: quiet });
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
    title: 'reads nothing of a file that is not as it was seen before',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        await transport.write('/seen.bin', chunksOf(randomBytes(100)), { signal: quiet });
        const entry = (await transport.stat('/seen.bin'))!;
        const others: Seen[] = [{ ...entry, sizeBytes: 99 }];
        if (entry.modifiedAt !== null) others.push({ ...entry, modifiedAt: new Date(0) });
        for (const expected of others) {
          const sink = (): void => assert.fail('something was read');
          const reading = transport.read('/seen.bin', sink, { signal: quiet, expected });
          await assertFails(reading, 'source_changed');
          assert.ok(transport.usable);
        }
        const read = await transport.read('/seen.bin', () => undefined, { signal: quiet, expected: entry });
        assert.equal(read.bytes, 100);
      }),
  },
  {
    title: 'goes on in the middle of a file, reading and writing, and says where it began',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        const bytes = randomBytes(3 * 1024 * 1024 + 17);
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
        await transport.write('/short.bin', chunksOf(randomBytes(1000)), { signal: quiet });
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
        await transport.write('/dated.bin', chunksOf(randomBytes(10)), { signal: quiet });
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
        const bytes = randomBytes(100_000);
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
          yield randomBytes(100_000);
          throw new TransportError('source_changed', 'transfer', 'It changed.');
        }
        await assertFails(transport.write('/broken', broken(), { signal: quiet }), 'source_changed');
      }),
  },
];

export const transportSuite: SuiteCase[] = [...basics, ...moveSuite];
