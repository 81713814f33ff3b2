/** Transfers that go on where an earlier one was cut, with a server that does not go on there. */
import assert from 'node:assert/strict';
import { readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { megabytes, type StagedPartner } from '../test-support/scene.js';
import type { HostileCase } from './hostile-case.js';

const CUT_AT = 1_000_000;

export const resumptionCases: HostileCase[] = [
  {
    id: 'UP-16',
    title: 'REST is agreed to, and the download begins at the beginning.',
    source: 'RFC 3659 section 5; basic-ftp 6.2.3 appends the whole file to its part',
    outcome: 'size_mismatch',
    holds: 'More than the rest comes, so nothing of it is kept.',
    defences: ['no more than the size'],
    run: async (scene) => {
      const server = await scene.serve({ onCommand: answering({ REST: '350 Restarting' }) }, megabytes(2));
      const source = await scene.open(server);
      const reading = source.read('/a.bin', () => undefined, {
        signal: AbortSignal.timeout(10_000),
        startAt: CUT_AT,
      });
      await scene.fails(reading, 'size_mismatch', /begun elsewhere/);
    },
  },
  {
    id: 'UP-17',
    title: 'What lies at the server is not as long as was told.',
    source: 'RFC 3659 section 5; a part that somebody else has changed',
    outcome: 'size_mismatch',
    holds: 'Nothing is written behind it.',
    defences: ['part measured'],
    run: async (scene) => {
      const server = await scene.serve({}, 'another part');
      const target = await scene.open(server);
      const content = async function* () {
        yield Buffer.from('rest');
      };
      const writing = target.write('/a.bin', content(), { signal: AbortSignal.timeout(10_000), startAt: 5 });
      await scene.fails(writing, 'size_mismatch');
      assert.equal(await readFile(join(server.root, 'a.bin'), 'utf8'), 'another part');
    },
  },
  {
    id: 'UP-20',
    title: 'STOR empties the file although the server agreed to REST, and nothing can be hashed.',
    source: 'RFC 3659 section 5.2; a server that opens the file anew for every STOR and then seeks',
    outcome: 'works',
    holds: 'What follows is appended, so nothing is lost before it.',
    defences: ['appended where nothing is hashed'],
    run: async (scene) => {
      const content = megabytes(2);
      const features = ['211-Features:', ' UTF8', ' SIZE', ' REST STREAM', '211 End'];
      const server: StagedPartner = await scene.serve(
        {
          onCommand: answering({ FEAT: features }),
          onDataOpen: async (_session, verb) => {
            if (verb !== 'STOR') return undefined;
            await truncate(join(server.root, 'a.bin'), 0);
            await truncate(join(server.root, 'a.bin'), CUT_AT);
            return undefined;
          },
        },
        content.subarray(0, CUT_AT),
      );
      const target = await scene.open(server);
      const rest = async function* () {
        yield content.subarray(CUT_AT);
      };
      await target.write('/a.bin', rest(), { signal: AbortSignal.timeout(10_000), startAt: CUT_AT });
      assert.ok((await readFile(join(server.root, 'a.bin'))).equals(content));
    },
  },
];
