import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { link, mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { openMemory } from './memory.js';
import { moveFile } from './move-file.js';
import { openTransport } from './open-transport.js';
import { assertFails } from './test-support/assert-fails.js';
import { moveRequest } from './test-support/move-request.js';
import { transportSuite } from './test-support/transport-suite.js';
import type { Transport } from './transport.js';

const quiet = new AbortController().signal;
let top: string;
let root: string;

beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'waybill-local-'));
  root = join(top, 'root');
  await mkdir(root);
  await writeFile(join(top, 'secret.txt'), 'outside');
});
afterEach(() => rm(top, { recursive: true, force: true }));

function open(basePath?: string, at = root): Promise<Transport> {
  return openTransport(
    {
      protocol: 'local_folder',
      root: at,
      rootName: 'files',
      ...(basePath === undefined ? {} : { basePath }),
    },
    { networkAllow: [], signal: quiet, side: 'source' },
  );
}

async function* once(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

describe('a local folder', () => {
  for (const { title, run } of transportSuite) test(title, () => run({ open: () => open() }));

  test('stays within its base folder', async () => {
    await mkdir(join(root, 'in'));
    const transport = await open('/in');
    await transport.write('/a.txt', once('hello'), { signal: quiet });
    expect(await readFile(join(root, 'in/a.txt'), 'utf8')).toBe('hello');
    expect((await transport.list('/')).entries.map((entry) => entry.path)).toEqual(['/a.txt']);
  });

  test('is listed and looked at also where it is on no disk of this machine', async () => {
    const transport = await open('/random', '/proc/sys/kernel');
    const { entries } = await transport.list('/');
    expect(entries.map(({ path }) => path)).toContain('/boot_id');
    expect(await transport.stat('/boot_id')).toMatchObject({ kind: 'file', path: '/boot_id' });
    expect(await transport.stat('/nothing')).toBeNull();
    await transport.close();
  });

  test('says which folder is not there where a file is to be written into it', async () => {
    const writing = (await open()).write('/no/such/.waybill-1.part', once('x'), { signal: quiet });
    const error = await assertFails(writing, 'not_found');
    expect(error.message).toBe(
      'Could not write into the folder /no/such in the local folder: it does not exist. Check the path.',
    );
  });

  test('does not believe a file that was written in the year 11476', async () => {
    // Not every file system keeps such a year; the one in memory does.
    const inMemory = await mkdtemp('/dev/shm/waybill-local-');
    try {
      await writeFile(join(inMemory, 'a.txt'), 'x');
      await utimes(join(inMemory, 'a.txt'), 300_000_000_000, 300_000_000_000);
      const transport = await open('/', inMemory);
      expect((await transport.list('/')).entries).toMatchObject([{ name: 'a.txt', modifiedAt: null }]);
    } finally {
      await rm(inMemory, { recursive: true });
    }
  });

  test('says in its record which root and folder it has opened, and not where on the machine that is', async () => {
    await mkdir(join(root, 'in'));
    const record = (await open('/in')).record();
    expect(record.timeline).toMatchObject([{ step: 'connect', detail: 'root files, folder /in' }]);
    expect(JSON.stringify(record)).not.toContain(top);
  });

  test('does not follow a link to a file outside, neither for reading nor for writing', async () => {
    await symlink(join(top, 'secret.txt'), join(root, 'link.txt'));
    const transport = await open();
    await assertFails(
      transport.read('/link.txt', () => undefined, { signal: quiet }),
      'name_refused',
    );
    await assertFails(transport.write('/link.txt', once('overwritten'), { signal: quiet }), 'name_refused');
    expect(await readFile(join(top, 'secret.txt'), 'utf8')).toBe('outside');
    expect((await transport.stat('/link.txt'))?.kind).toBe('link');
    expect((await transport.list('/')).entries).toMatchObject([{ name: 'link.txt', kind: 'link' }]);
  });

  test('does not follow a link in the middle of a path, to a folder outside or inside', async () => {
    await symlink(top, join(root, 'up'));
    await mkdir(join(root, 'real'));
    await symlink(join(root, 'real'), join(root, 'alias'));
    const transport = await open();
    for (const folder of ['/up', '/alias']) {
      await assertFails(transport.list(folder), 'name_refused');
      await assertFails(transport.write(`${folder}/new.txt`, once('x'), { signal: quiet }), 'name_refused');
      await assertFails(transport.stat(`${folder}/secret.txt`), 'name_refused');
      await assertFails(transport.remove(`${folder}/secret.txt`), 'name_refused');
    }
    expect(await readdir(join(root, 'real'))).toEqual([]);
    expect(await readFile(join(top, 'secret.txt'), 'utf8')).toBe('outside');
  });

  test('does not hang on a pipe', async () => {
    execFileSync('mkfifo', [join(root, 'pipe')]);
    const transport = await open();
    await assertFails(
      transport.read('/pipe', () => undefined, { signal: quiet }),
      'name_refused',
    );
    await expect(transport.write('/pipe', once('x'), { signal: quiet })).rejects.toThrow();
  });

  test('refuses device names of Windows, and lists them as refused', async () => {
    await writeFile(join(root, 'aux.txt'), 'x');
    const transport = await open();
    await assertFails(transport.stat('/CON'), 'name_refused');
    const listing = await transport.list('/');
    expect(listing).toEqual({
      entries: [],
      refused: [{ shownAs: 'aux.txt', why: 'it is the name of a device on Windows' }],
    });
    expect(transport.record().timeline.at(-1)?.detail).toBe('0 entries, 1 name refused');
  });

  test('says where it refused more names than it shows', async () => {
    for (let i = 0; i <= 100; i += 1) await writeFile(join(root, `aux.${i}`), 'x');
    const { refused } = await (await open()).list('/');
    expect(refused).toHaveLength(100);
    expect(refused.at(-1)).toEqual({ shownAs: '…', why: 'more names were refused than are shown' });
  });

  test('says so when a source grows while it is read', async () => {
    await writeFile(join(root, 'growing'), Buffer.alloc(5_000_000));
    const transport = await open();
    let grown = false;
    const sink = async (): Promise<void> => {
      if (!grown) await writeFile(join(root, 'growing'), 'more', { flag: 'a' });
      grown = true;
    };
    await assertFails(transport.read('/growing', sink, { signal: quiet }), 'source_changed');
  });

  test('does not blame the disk for what whoever reads from it fails with', async () => {
    await writeFile(join(root, 'a'), 'x');
    const sink = (): never => {
      throw Object.assign(new Error('the database is gone'), { code: 'ECONNREFUSED' });
    };
    const error = await assertFails((await open()).read('/a', sink, { signal: quiet }), 'internal');
    expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('fails with a record when the root is not there', async () => {
    root = join(top, 'gone');
    const error = await assertFails(open(), 'not_found');
    expect(error.record?.timeline).toMatchObject([{ step: 'connect', outcome: 'failed' }]);
  });

  test('does not rename over a file that appears after it was looked for', async () => {
    const transport = await open();
    const files = new Map([['/a.csv', { bytes: Buffer.from('ours'), modifiedAt: new Date() }]]);
    const request = moveRequest({
      source: openMemory(files, 'source'),
      sourcePath: '/a.csv',
      target: transport,
      targetPath: '/a.csv',
      reopenTarget: () => open(),
      // The last that is asked before the rename.
      onVerified: () => writeFile(join(root, 'a.csv'), 'theirs'),
    });
    const error = await assertFails(moveFile(request), 'target_exists');
    expect(error.step).toBe('rename');
    expect(await readdir(root)).toEqual(['a.csv']);
    expect(await readFile(join(root, 'a.csv'), 'utf8')).toBe('theirs');
    await moveFile({ ...request, ifExists: 'replace' });
    expect(await readFile(join(root, 'a.csv'), 'utf8')).toBe('ours');
  });

  test('renames what cannot have two names, and looks first whether the new one is free', async () => {
    // A folder is to link(2) what every file is on a file system without hard links.
    await mkdir(join(root, 'one'));
    await mkdir(join(root, 'two'));
    const transport = await open();
    await assertFails(transport.rename('/one', '/two', 'fail'), 'target_exists');
    await transport.rename('/one', '/three', 'fail');
    expect((await readdir(root)).toSorted()).toEqual(['three', 'two']);
  });

  test('reads a file that has two names', async () => {
    await writeFile(join(root, 'one'), 'same');
    await link(join(root, 'one'), join(root, 'two'));
    const transport = await open();
    expect((await transport.stat('/two'))?.sizeBytes).toBe(4);
  });
});
