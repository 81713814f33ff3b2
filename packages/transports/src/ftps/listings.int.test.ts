import { describe, expect, test } from '@jest/globals';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { assertFails } from '../test-support/assert-fails.js';
import { open, start } from '../test-support/hostile-partner.js';
import { said } from '../test-support/said.js';

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

test('a server without MLSD says so where the endpoint insists on it, and is listed where it does not', async () => {
  const server = await start({
    script: { onCommand: answering({ MLSD: '502 No MLSD', FEAT: '502 No FEAT' }) },
  });
  const insisting = await open(server, { settings: { listing: 'mlsd' } });
  const error = await assertFails(insisting.list('/'), 'setting_refused');
  expect(error.message).toContain('Set its listing to auto or LIST');
  expect(await (await open(server)).list('/')).toEqual({ entries: [], refused: [] });
});
