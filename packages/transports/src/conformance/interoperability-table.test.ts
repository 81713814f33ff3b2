import { expect, test } from '@jest/globals';
import { readColumn, type ServerResult, writeDocument } from './interoperability-table.js';

const server = (name: string, change: Partial<ServerResult> = {}): ServerResult => ({
  name,
  kind: 'real',
  version: '1.2.3',
  sources: [],
  rows: [
    { group: 'One', title: 'First', cell: { works: true } },
    { group: 'One', title: 'Second', cell: { works: false, because: 'has none' } },
    { group: 'Two', title: 'Third', cell: null },
  ],
  ...change,
});

test('what is written for a server is read back, whatever other servers are there', () => {
  const played = server('Z', { kind: 'played', version: null, sources: ['its manual'] });
  const document = writeDocument([played, server('pyftpdlib'), server('vsftpd')]);
  for (const name of ['vsftpd', 'pyftpdlib', 'Z'])
    expect(readColumn(document, name)).toEqual({ First: 'yes', Second: 'has none' });
  expect(document).toContain('|  | vsftpd | pyftpdlib |');
  expect(document).toContain('  - its manual');
  expect(() => readColumn(document, 'other')).toThrow(/no column for other/);
});

test('another version of a server changes no column', () => {
  const [old, young] = ['1.2.3', '1.2.4'].map((version) => writeDocument([server('vsftpd', { version })]));
  expect(old).not.toBe(young);
  expect(readColumn(old ?? '', 'vsftpd')).toEqual(readColumn(young ?? '', 'vsftpd'));
});
