/** What `moveFile` must do with every transport as source, as target and as both. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { moveFile } from '../move-file.js';
import { TransportError } from '../transport-error.js';
import type { Transport } from '../transport.js';
import { assertFails } from './assert-fails.js';
import { chunksOf } from './chunks-of.js';
import { memoryWith } from './memory-with.js';
import { moveRequest } from './move-request.js';
import { quiet } from './open-for-test.js';
import { readAll } from './read-all.js';
import { CANCEL_WITHIN_MS, type SuiteCase, withSession } from './suite-case.js';

/** A source that never ends, one MiB at a time. */
async function* endless(): AsyncGenerator<Buffer> {
  const chunk = Buffer.alloc(1024 * 1024, 'e');
  for (;;) {
    yield chunk;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

export const moveSuite: SuiteCase[] = [
  {
    title: 'moves a file in and out again with the same hash and no temporary file left',
    run: (fixture) =>
      withSession(fixture, async (transport) => {
        const bytes = randomBytes(2 * 1024 * 1024 + 5);
        const { memory, files } = memoryWith(bytes);
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
        assert.equal(sent.sha256, createHash('sha256').update(bytes).digest('hex'));
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
        const { memory } = memoryWith(Buffer.from('newer'), '/there');
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
      const { memory } = memoryWith(Buffer.alloc(0), '/big');
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
        const { memory } = memoryWith(Buffer.from('abc'), '/a');
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
