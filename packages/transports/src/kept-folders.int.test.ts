import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { keepFolders } from './kept-folders.js';

const run = promisify(execFile);

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'waybill-kept-')));
  for (const name of ['a', 'b', 'c']) {
    await mkdir(join(root, name));
    await writeFile(join(root, name, 'file'), name);
  }
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('a folder is opened once for those who follow each other, and again when it was moved away long enough', async () => {
  const folders = keepFolders(root);
  const first = await folders.open(['a']);
  await first.close();
  const second = await folders.open(['a']);
  expect(second.handle).toBe(first.handle);
  await second.close();
  await rename(join(root, 'a'), join(root, 'gone'));
  await expect(
    (async () => {
      for (;;) {
        await (await folders.open(['a'])).close();
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })(),
  ).rejects.toMatchObject({ code: 'ENOENT' });
  await folders.close();
});

test('one that is in use stays open, however many others are opened, and is closed after its last use', async () => {
  const folders = keepFolders(root);
  const used = await folders.open(['a']);
  for (const name of ['b', 'c', 'b', 'c']) await (await folders.open([name])).close();
  await folders.close();
  expect(await readFile(used.at('file'), 'utf8')).toBe('a');
  await used.close();
  expect(used.handle.fd).toBe(-1);
});

test('one that cannot be opened while another is being closed fails whoever asked for it, and does not end the process', async () => {
  const packageFolder = join(import.meta.dirname, '..');
  await run(join(packageFolder, '../../node_modules/.bin/tsc'), ['-b', packageFolder]);
  const script = join(packageFolder, 'src/test-support/open-third-folder.mjs');
  const { stdout } = await run(process.execPath, [script, root]);
  expect(stdout).toBe('ENOENT');
});

test('one that cannot be opened is tried again', async () => {
  const folders = keepFolders(root);
  await expect(folders.open(['d'])).rejects.toMatchObject({ code: 'ENOENT' });
  await mkdir(join(root, 'd'));
  await (await folders.open(['d'])).close();
  await folders.close();
});
