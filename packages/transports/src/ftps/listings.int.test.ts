import { describe, expect, test } from '@jest/globals';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { open, start } from '../test-support/hostile-partner.js';
import { said } from '../test-support/real-session.js';
import { assertFails } from '../test-support/transport-suite.js';

describe('listings', () => {
  test('keep what is good and name what is not', async () => {
    const lines = [
      'type=file;size=3;modify=20260101120000; good.txt',
      'TYPE=FILE;Size=4; UPPER.TXT',
      'type=file;size=5;modify=99999999999999; bad date.txt',
      'type=file;size=-7;constructor=x;__proto__=y; odd facts.txt',
      'type=file;size=1; ../../etc/passwd',
      'type=file;size=1; /absolute',
      'type=file;size=1; back\\slash',
      'type=file;size=1; bidi\u202etxt.exe',
      'type=file;size=1; null\0byte',
      'no facts at all',
      'type=cdir; .',
      'type=dir; folder',
      'type=OS.unix=slink:/etc; link',
      'type=OS.unix=symlink; other link',
      'type=OS.unix=chr-1/3; device',
    ];
    const server = await start({ script: { transformListing: () => lines } });
    const { entries, refused } = await (await open(server)).list('/');
    expect(
      entries.map(({ name, kind, sizeBytes, modifiedAt }) => [
        name,
        kind,
        sizeBytes,
        modifiedAt?.toISOString(),
      ]),
    ).toEqual([
      ['good.txt', 'file', 3, '2026-01-01T12:00:00.000Z'],
      ['UPPER.TXT', 'file', 4, undefined],
      ['bad date.txt', 'file', 5, undefined],
      ['odd facts.txt', 'file', null, undefined],
      ['folder', 'folder', null, undefined],
      ['link', 'link', null, undefined],
      ['other link', 'link', null, undefined],
      ['device', 'other', null, undefined],
    ]);
    expect(refused.map(({ shownAs }) => shownAs)).toEqual([
      '../../etc/passwd',
      '/absolute',
      'back\\slash',
      'bidi\\u{202e}txt.exe',
      'null\\u{0}byte',
      'no facts at all',
    ]);
  });

  test('of very many short lines are cut off too', async () => {
    const block = Buffer.from('type=file; a\r\n'.repeat(2000));
    const server = await start({
      script: {
        transformListing: async function* () {
          for (let sent = 0; sent < 260; sent += 1) yield block;
        },
      },
    });
    await assertFails((await open(server)).list('/'), 'listing_too_large');
  });

  test('without end are cut off', async () => {
    const block = Buffer.from('type=file;size=3; name-of-a-file\r\n'.repeat(2000));
    const server = await start({
      script: {
        transformListing: async function* () {
          for (;;) yield block;
        },
      },
    });
    const transport = await open(server);
    await assertFails(transport.list('/'), 'listing_too_large');
    expect(transport.usable).toBe(false);
  });
});

describe('how folders are listed', () => {
  test.each([
    ['auto', 'MLSD', 'LIST'],
    ['mlsd', 'MLSD', 'MLSD'],
    ['list', 'LIST', 'LIST'],
  ] as const)(
    '%s is %s where the server offers MLSD, and %s where it does not',
    async (listing, there, not) => {
      for (const [features, verb] of [
        [undefined, there],
        ['211 No features', not],
      ] as const) {
        const server = await start({ script: { onCommand: answering({ FEAT: features }) } });
        const transport = await open(server, { settings: { listing } });
        expect((await transport.list('/')).entries).toEqual([]);
        expect(said(transport).filter((line) => /^(MLSD|LIST)/.test(line))).toEqual([`${verb} /`]);
      }
    },
  );
});
