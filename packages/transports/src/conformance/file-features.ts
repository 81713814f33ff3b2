/** What is done with files and folders once a session stands. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { createRunningHash, type HashAlgorithm } from '../hash-algorithms.js';
import { assertFails } from '../test-support/assert-fails.js';
import { chunksOf } from '../test-support/chunks-of.js';
import { quiet } from '../test-support/open-for-test.js';
import { readAll } from '../test-support/read-all.js';
import { workByHand } from '@waybill/testing/servers/by-hand.js';
import type { Feature, Ground } from './feature.js';
import { expectContent, expectSaid, put } from './try-basics.js';

const MIB = 1024 * 1024;

export const listing = {
  mlsd: {
    title: 'MLSD',
    async run({ open }) {
      const transport = await open({ settings: { listing: 'auto' } });
      await put(transport, '/facts.bin', 4097);
      const { entries } = await transport.list('/');
      expectSaid(transport, 'MLSD');
      const entry = entries.find(({ name }) => name === 'facts.bin');
      assert.equal(entry?.sizeBytes, 4097);
      assert.ok(Math.abs(Date.now() - (entry.modifiedAt?.getTime() ?? 0)) < 60_000, 'the time is wrong');
    },
  },
  list: {
    title: 'LIST',
    async run({ open }) {
      const transport = await open({ settings: { listing: 'list' } });
      await put(transport, '/two words.bin', 4097);
      const { entries } = await transport.list('/');
      expectSaid(transport, 'LIST');
      const entry = entries.find(({ name }) => name === 'two words.bin');
      assert.deepEqual([entry?.kind, entry?.sizeBytes], ['file', 4097]);
    },
  },
  subfolders: {
    title: 'Folders listed, empty ones told from missing ones',
    async run({ open, partner }) {
      await mkdir(join(partner.root, 'empty folder'), { recursive: true });
      const transport = await open();
      const { entries } = await transport.list('/');
      assert.equal(entries.find(({ name }) => name === 'empty folder')?.kind, 'folder');
      assert.deepEqual(await transport.list('/empty folder'), { entries: [], refused: [] });
      await assertFails(transport.list('/no such folder'), 'not_found');
    },
  },
  mlst: {
    title: 'MLST',
    async run({ open }) {
      const transport = await open();
      await put(transport, '/one.bin', 12);
      assert.equal((await transport.stat('/one.bin'))?.sizeBytes, 12);
      expectSaid(transport, 'MLST');
    },
  },
  size: {
    title: 'SIZE',
    async run({ open, partner }) {
      await put(await open(), '/sized.bin', 12_345);
      const reply = await askByHand(partner, `SIZE ${serverPath(partner, 'sized.bin')}`);
      assert.match(reply, /^213 12345\s*$/, reply);
    },
  },
  mdtm: {
    title: 'MDTM in UTC',
    async run({ open, partner }) {
      await put(await open(), '/dated.bin', 1);
      const at = new Date('2025-03-04T05:06:07Z');
      await utimes(join(partner.root, 'dated.bin'), at, at);
      const reply = await askByHand(partner, `MDTM ${serverPath(partner, 'dated.bin')}`);
      assert.match(reply, /^213 20250304050607/, reply);
    },
  },
  mfmt: {
    title: 'MFMT',
    async run({ open, partner }) {
      const transport = await open();
      await put(transport, '/old.bin', 1);
      const at = new Date('2024-02-29T23:59:58Z');
      assert.equal(await transport.setModifiedAt('/old.bin', at), true, 'the time was not set');
      assert.equal((await stat(join(partner.root, 'old.bin'))).mtime.toISOString(), at.toISOString());
    },
  },
} satisfies Record<string, Feature>;

export const transfers = {
  empty: {
    title: 'Empty file, twenty times',
    async run({ open }) {
      const transport = await open();
      for (let index = 0; index < 20; index += 1) await put(transport, `/empty-${index}`, 0);
      await expectContent(transport, '/empty-19', Buffer.alloc(0));
    },
  },
  oneByte: {
    title: 'File of one byte',
    async run({ open }) {
      const transport = await open();
      await expectContent(transport, '/one', await put(transport, '/one', 1));
    },
  },
  overwrite: {
    title: 'Shorter content over longer',
    async run({ open }) {
      const transport = await open();
      await put(transport, '/again', 5000);
      await expectContent(transport, '/again', await put(transport, '/again', 'short'));
    },
  },
  resumeDownload: {
    title: 'Download goes on in the middle (REST)',
    async run({ open }) {
      const transport = await open();
      const bytes = await put(transport, '/half', 300_000);
      const chunks: Buffer[] = [];
      const sink = (chunk: Buffer): void => void chunks.push(Buffer.from(chunk));
      const got = await transport.read('/half', sink, { signal: quiet, startAt: 123_456 });
      assert.equal(got.startedAt, 123_456, 'it began elsewhere');
      assert.ok(bytes.subarray(123_456).equals(Buffer.concat(chunks)));
    },
  },
  resumeUpload: {
    title: 'Upload goes on where it was cut (REST and STOR; APPE without HASH)',
    async run({ open }) {
      const transport = await open({ settings: { verification: 'server_hash' } });
      await continueUpload(transport, '/on');
      expectSaid(transport, transport.hashAlgorithm === null ? 'APPE ' : 'REST 100000');
    },
  },
  append: {
    title: 'Upload goes on at the end (APPE)',
    async run({ open, partner }) {
      const transport = await open();
      await put(transport, '/end', 'abc');
      const reply = await workByHand(partner.byHand, (client) =>
        client.transfer(`APPE ${serverPath(partner, 'end')}`, { resume: true, bytes: Buffer.from('def') }),
      );
      assert.match(reply, /^2/, reply);
      assert.equal((await readFile(join(partner.root, 'end'))).toString(), 'abcdef');
    },
  },
  rename: {
    title: 'Rename',
    async run({ open }) {
      const transport = await open();
      await put(transport, '/from', 'x');
      await transport.rename('/from', '/to', 'fail');
      assert.equal(await transport.stat('/from'), null);
      await expectContent(transport, '/to', Buffer.from('x'));
      await assertFails(transport.rename('/from', '/to', 'fail'), 'not_found');
      assert.ok(transport.usable);
    },
  },
  renameOver: {
    title: 'Rename over a file that exists',
    async run({ open }) {
      const transport = await open();
      await put(transport, '/old', 'old');
      await put(transport, '/new', 'new');
      await transport.rename('/new', '/old', 'replace');
      await expectContent(transport, '/old', Buffer.from('new'));
    },
  },
  remove: {
    title: 'Remove, and no file told from a file removed',
    async run({ open }) {
      const transport = await open();
      await put(transport, '/gone', 'x');
      assert.deepEqual([await transport.remove('/gone'), await transport.remove('/gone')], [true, false]);
      assert.equal(await transport.stat('/gone'), null);
      await assertFails(readAll(transport, '/gone'), 'not_found');
      assert.ok(transport.usable, 'a plain no must not cost the session');
    },
  },
} satisfies Record<string, Feature>;

export const hashes = {
  hash: hashRow('HASH, SHA-256', 'SHA-256', 'HASH'),
  xsha256: hashRow('XSHA256', 'SHA-256', 'XSHA256'),
  xmd5: hashRow('XMD5', 'MD5', 'XMD5'),
  xcrc: hashRow('XCRC', 'CRC32', 'XCRC'),
} satisfies Record<string, Feature>;

export const refusals = {
  permission: {
    title: 'No right to write told as permission_denied',
    only: 'real',
    async run({ open, partner }) {
      const closed = join(partner.root, 'closed');
      await mkdir(closed, { recursive: true });
      await chmod(closed, 0o555);
      const transport = await open();
      await assertFails(put(transport, '/closed/x', 1), 'permission_denied');
    },
  },
  quota: {
    title: 'No room told as target_full',
    only: 'not played',
    needs: { quotaBytes: MIB },
    async run({ open }) {
      await assertFails(put(await open(), '/too large', 6 * MIB), 'target_full');
    },
  },
  missingFolder: {
    title: 'A missing folder told when a file is written into it',
    async run({ open }) {
      const error = await assertFails(put(await open(), '/no such/folder/x', 1), 'not_found');
      assert.match(error.message, /^The server .+\/no such\/folder.*: “550 .+”/);
    },
  },
} satisfies Record<string, Feature>;

async function continueUpload(transport: Awaited<ReturnType<Ground['open']>>, path: string): Promise<void> {
  const bytes = randomBytes(250_000);
  const options = { signal: quiet };
  await transport.write(path, chunksOf(bytes.subarray(0, 100_000)), options);
  await transport.write(path, chunksOf(bytes.subarray(100_000)), { ...options, startAt: 100_000 });
  await expectContent(transport, path, bytes);
}

/** Of a part of the file for the X commands: for the whole one Waybill takes HASH where there is that. */
function hashRow(title: string, algorithm: HashAlgorithm, command: string): Feature {
  return {
    title,
    async run({ open }) {
      const transport = await open();
      const bytes = await put(transport, '/to hash', 10_000);
      const firstBytes = command === 'HASH' ? undefined : 4000;
      const hash = await transport.hashByServer('/to hash', {
        algorithm,
        ...(firstBytes === undefined ? {} : { firstBytes }),
      });
      assert.ok(hash !== null, 'the server offers no such hash');
      expectSaid(transport, `${command} `);
      const ours = createRunningHash(algorithm);
      ours.update(bytes.subarray(0, firstBytes));
      assert.equal(hash, ours.digest());
    },
  };
}

function askByHand({ byHand }: Ground['partner'], command: string): Promise<string> {
  return workByHand(byHand, (client) => client.ask(command));
}

function serverPath({ endpoint }: Ground['partner'], name: string): string {
  return `${endpoint.basePath === '/' ? '' : (endpoint.basePath ?? '')}/${name}`;
}
