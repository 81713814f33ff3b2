import { expect, test } from '@jest/globals';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localFailure, openFolderBeneath } from './open-beneath.js';

test('a disk of this machine is told from what may not answer', async () => {
  const own = await realpath(await mkdtemp(join(tmpdir(), 'waybill-disk-')));
  const folders = [await openFolderBeneath(own, []), await openFolderBeneath('/proc', [])];
  expect(folders.map(({ isOnOwnDisk }) => isOnOwnDisk)).toEqual([true, false]);
  for (const folder of folders) await folder.close();
  await rm(own, { recursive: true });
});

test.each(['EMFILE', 'ENFILE'])(
  '%s is told as a limit of open files, and not as a fault of the disk',
  (code) => {
    const { kind, message } = localFailure(
      Object.assign(new Error(code), { code }),
      'transfer',
      'read /a.csv',
    );
    expect(kind).toBe('local_io');
    expect(message).toMatch(/^Could not read \/a\.csv in the local folder: too many files are open\. Raise/);
    expect(message).not.toContain('disk');
  },
);
