import { describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { startProftpd } from '@waybill/testing/servers/proftpd.js';
import { startPureFtpd } from '@waybill/testing/servers/pure-ftpd.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { assertFails } from '../test-support/assert-fails.js';
import { quiet } from '../test-support/open-for-test.js';
import { readAll } from '../test-support/read-all.js';
import { openOn, running, sourceOf } from '../test-support/real-session.js';
import { said } from '../test-support/said.js';

const NAMES = [
  ['windows-1251', 'моя цена.csv', 'eceeff20f6e5ede02e637376'],
  ['iso-8859-15', 'Grüße €.csv', '4772fcdf6520a42e637376'],
  // With second bytes that are a backslash, a bar and an @ by themselves: Pure-FTPd refuses those.
  ['shift_jis', '表示 ポ.csv', '955c8ea620837c2e637376'],
  ['gb18030', '价格 丂.csv', 'bcdbb8f12081402e637376'],
] as const;

describe.each([
  ['vsftpd', startVsftpd],
  ['ProFTPD', startProftpd],
  ['Pure-FTPd', startPureFtpd],
] as const)('names on %s', (server, how) => {
  test.each(server === 'Pure-FTPd' ? NAMES.slice(0, 2) : NAMES)(
    'are written, listed, read and renamed in %s',
    async (encoding, name, hex) => {
      const server = await running(how());
      const transport = await openOn(server, { settings: { encoding } });
      const bytes = Buffer.from(name);
      await transport.write(`/${name}`, sourceOf(bytes), { signal: quiet });
      const onDisk = readdirSync(Buffer.from(server.root), { encoding: 'buffer' }).map((one) =>
        one.toString('hex'),
      );
      expect(onDisk).toEqual([hex]);
      const { entries, refused } = await transport.list('/');
      expect([entries.map((entry) => entry.name), refused]).toEqual([[name], []]);
      expect((await readAll(transport, `/${name}`)).equals(bytes)).toBe(true);
      await transport.rename(`/${name}`, `/x${name}`, 'fail');
      expect((await transport.stat(`/x${name}`))?.sizeBytes).toBe(bytes.length);
      // The dialogue is for people, whatever went over the wire.
      expect(said(transport).join('\n')).toContain(name);
      expect(said(transport).join('\n')).not.toContain('OPTS UTF8');
      expect(transport.record().connection.encoding).toBe(encoding);
      // GB 18030 has every character.
      if (encoding === 'gb18030') return;
      await assertFails(transport.write('/\u{e000}.csv', sourceOf(bytes), { signal: quiet }), 'name_refused');
      expect(transport.usable).toBe(true);
    },
  );

  test('in bytes that are no text are refused and shown, whatever the character set', async () => {
    const server = await running(how());
    for (const [encoding, broken] of [
      ['utf-8', 'ff'],
      ['shift_jis', 'fa4a'],
      ['gb18030', '81ff'],
    ] as const) {
      await writeFile(
        Buffer.concat([Buffer.from(`${server.root}/${encoding}-`), Buffer.from(broken, 'hex')]),
        'x',
      );
      const transport = await openOn(server, { settings: { encoding } });
      const { entries, refused } = await transport.list('/');
      expect(entries.map(({ name }) => name).filter((name) => name.startsWith(encoding))).toEqual([]);
      expect(refused.map(({ shownAs }) => shownAs).join()).toContain(`${encoding}-`);
    }
  });
});
