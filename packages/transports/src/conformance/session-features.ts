/** Names that are hard to carry, many files, several sessions at once, and sessions that end. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_FTPS_SETTINGS } from '@waybill/contracts/ftps-settings.js';
import { quiet } from '../test-support/open-for-test.js';
import { readAll } from '../test-support/read-all.js';
import { TransportError } from '../transport-error.js';
import type { Transport } from '../transport.js';
import type { Feature } from './feature.js';
import { expectContent, put, tryBasics } from './try-basics.js';
import { said } from '../test-support/said.js';

/** The server is told to end a session after one second. */
const ENDED_WITHIN_MS = 12_000;
/** What Waybill writes to before a file is complete. */
const TEMPORARY = `${DEFAULT_FTPS_SETTINGS.temporaryPrefix}0199f5d0${DEFAULT_FTPS_SETTINGS.temporarySuffix}`;

export const names = {
  unicode: namesRow('Names in UTF-8, composed and decomposed', [
    'Grüße aus Köln – 价格.csv',
    'caf\u00e9.csv',
    'cafe\u0301 (decomposed).csv',
    '📦.csv',
  ]),
  spaces: namesRow('Names with a space first and two within', [' leading', 'two  spaces']),
  trailingSpace: namesRow('Names with a space at the end', ['trailing ', '  ']),
  signs: namesRow('Names with # % quotes ; = and a dash first', [
    'a#b%20c.txt',
    'quote\'and"double.txt',
    'semi;colon=equals.txt',
    '-dash first.txt',
    '[1] {2} *.txt',
  ]),
  long: namesRow('Names of 200 characters', ['l'.repeat(200)]),
  temporary: {
    title: 'The temporary name, which begins with a dot',
    async run({ open }) {
      const transport = await open();
      await expectContent(transport, `/${TEMPORARY}`, await put(transport, `/${TEMPORARY}`, 'whole'));
      await transport.rename(`/${TEMPORARY}`, '/whole', 'fail');
      assert.equal(await transport.stat(`/${TEMPORARY}`), null);
      await expectContent(transport, '/whole', Buffer.from('whole'));
    },
  },
  latin1: {
    title: 'Names in ISO 8859-1',
    only: 'not played',
    async run({ open, partner }) {
      const transport = await open({ settings: { encoding: 'iso-8859-1' } });
      await put(transport, '/Grüße.txt', 'x');
      const { entries } = await transport.list('/');
      assert.ok(
        entries.some(({ name }) => name === 'Grüße.txt'),
        'the name is not in the listing',
      );
      await writeFile(
        Buffer.concat([Buffer.from(`${partner.root}/`), Buffer.from('k\xf6ln', 'latin1')]),
        'y',
      );
      assert.equal((await readAll(transport, '/köln')).toString(), 'y');
    },
  },
} satisfies Record<string, Feature>;

/** Each name is written, found in the listing, read, given another name and removed. */
function namesRow(title: string, all: string[]): Feature {
  return {
    title,
    async run({ open }) {
      const transport = await open();
      for (const name of all) await put(transport, `/${name}`, name);
      const { entries } = await transport.list('/');
      for (const name of all) {
        const entry = entries.find((candidate) => candidate.name === name);
        assert.deepEqual(
          [entry?.kind, entry?.sizeBytes],
          ['file', Buffer.byteLength(name)],
          `“${name}” is not in the listing`,
        );
        await expectContent(transport, `/${name}`, Buffer.from(name));
        await transport.rename(`/${name}`, `/${name}.done`, 'fail');
        assert.equal(await transport.remove(`/${name}.done`), true);
      }
    },
  };
}

export const sessions = {
  manyFiles: {
    title: '100 files in one session',
    async run({ open }) {
      const transport = await open();
      for (let index = 0; index < 100; index += 1) await put(transport, `/many-${index}`, 100);
      const { entries } = await transport.list('/');
      assert.equal(entries.filter(({ name }) => name.startsWith('many-')).length, 100);
      for (let index = 0; index < 100; index += 1) await transport.remove(`/many-${index}`);
    },
  },
  threeAtOnce: {
    title: 'Three sessions at once',
    async run({ open }) {
      const transports = await Promise.all([open(), open(), open()]);
      await Promise.all(
        transports.map(async (transport, index) => {
          const bytes = await put(transport, `/at once ${index}`, 3_000_000);
          await expectContent(transport, `/at once ${index}`, bytes);
        }),
      );
    },
  },
  noop: {
    title: 'NOOP while a transfer runs',
    only: 'not played',
    async run({ open }) {
      const transport = await open({ settings: { noopSeconds: 1 } });
      const pieces = 8;
      const slowly = async function* (): AsyncGenerator<Buffer> {
        for (let index = 0; index < pieces; index += 1) {
          yield Buffer.alloc(1000, index);
          await sleep(300);
        }
      };
      await transport.write('/slow', slowly(), { signal: quiet });
      assert.ok(said(transport, 'us').includes('NOOP'), 'no NOOP was sent');
      assert.equal((await transport.stat('/slow'))?.sizeBytes, pieces * 1000);
      await tryBasics(transport);
    },
  },
  idle: {
    title: 'A session that the server ended when idle, noticed and replaced',
    only: 'not played',
    // As long as that a busy machine may take between two commands of ours.
    needs: { idleTimeoutSeconds: 3 },
    async run({ open }) {
      const idle = await open();
      await expectEnded(idle);
      await tryBasics(await open());
    },
  },
} satisfies Record<string, Feature>;

/** The server's goodbye makes the session unusable, and the next command fails as one worth another try. */
async function expectEnded(transport: Transport): Promise<void> {
  for (const deadline = Date.now() + ENDED_WITHIN_MS; transport.usable; await sleep(50))
    if (Date.now() > deadline) assert.fail('the session still counts as usable');
  const failure = await transport.list('/').then(
    () => assert.fail('a session that the server ended took a command'),
    (error: unknown) => error,
  );
  assert.ok(failure instanceof TransportError);
  assert.ok(['connection_lost', 'server_busy'].includes(failure.kind), failure.kind);
}
