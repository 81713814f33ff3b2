import { describe, expect, test } from '@jest/globals';
import { Problem } from '../problem.js';
import { type RouteEnd, type RoutePlan, checkRoute } from './route-rules.js';

const server: RouteEnd = {
  id: 'a',
  protocol: 'ftps_explicit',
  host: 'ftp.bank.example',
  credentialId: 'c1',
  rootName: null,
  basePath: '/',
};
const folder: RouteEnd = {
  id: 'b',
  protocol: 'local_folder',
  host: null,
  credentialId: null,
  rootName: 'files',
  basePath: '/bank',
};
const plan: RoutePlan = {
  source: folder,
  sourcePath: '/out',
  filePattern: '*.csv',
  target: server,
  targetPath: '/in',
  afterAction: 'keep',
  archivePath: null,
};

function faultPath(change: Partial<RoutePlan>): string | null {
  try {
    checkRoute({ ...plan, ...change });
    return null;
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid_input') return error.errors?.[0]?.path ?? '';
    throw error;
  }
}

test('sending, collecting, and moving between two servers or two folders are all routes', () => {
  expect(faultPath({})).toBeNull();
  expect(faultPath({ source: server, target: folder })).toBeNull();
  expect(faultPath({ source: { ...server, id: 'x', host: 'ftp.other.example' } })).toBeNull();
  expect(faultPath({ target: { ...folder, id: 'x', basePath: '/other' } })).toBeNull();
});

describe('a loop is refused', () => {
  test('within one endpoint', () => {
    expect(faultPath({ target: folder, targetPath: '/out' })).toBe('targetPath');
    expect(faultPath({ target: folder, targetPath: '/out/done' })).toBeNull();
  });

  test('also where two endpoints name the same folder in two ways', () => {
    const same = { ...folder, id: 'x', basePath: '/' };
    expect(faultPath({ target: same, targetPath: '/bank/out' })).toBe('targetPath');
    expect(faultPath({ target: same, targetPath: '/bank//out/' })).toBe('targetPath');
    const byOtherPort = { ...server, id: 'y', protocol: 'ftps_implicit' };
    expect(faultPath({ source: byOtherPort, sourcePath: '/in' })).toBe('targetPath');
  });

  test('but another account of the same server may have a home of its own', () => {
    expect(faultPath({ source: { ...server, id: 'y', credentialId: 'c2' }, sourcePath: '/in' })).toBeNull();
  });
});

describe('the archive', () => {
  test('goes with afterAction move and with no other', () => {
    expect(faultPath({ afterAction: 'move', archivePath: '/done' })).toBeNull();
    expect(faultPath({ afterAction: 'move' })).toBe('archivePath');
    expect(faultPath({ afterAction: 'keep', archivePath: '/done' })).toBe('archivePath');
    expect(faultPath({ afterAction: 'delete', archivePath: '/done' })).toBe('archivePath');
  });

  test('is neither where the files come from nor where they go to', () => {
    expect(faultPath({ afterAction: 'move', archivePath: '/out/' })).toBe('archivePath');
    expect(
      faultPath({ target: folder, targetPath: '/done', afterAction: 'move', archivePath: '/done' }),
    ).toBe('archivePath');
    expect(faultPath({ afterAction: 'move', archivePath: '/out/done' })).toBeNull();
  });
});

test('a pattern that is not one is refused before the first transfer finds out', () => {
  for (const filePattern of ['{a,b', '[a-z', '{a,b}'.repeat(12)])
    expect(faultPath({ filePattern })).toBe('filePattern');
  for (const filePattern of ['*', 'PAY_*.csv', '{a,b}-*.xml', '[!.]*', 'Größe ?.txt'])
    expect(faultPath({ filePattern })).toBeNull();
});
