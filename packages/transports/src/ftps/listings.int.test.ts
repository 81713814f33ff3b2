import { describe, expect, test } from '@jest/globals';
import { answering } from '@waybill/ftps-server/behaviours.js';
import { open, start } from '../test-support/hostile-partner.js';
import { said } from '../test-support/real-session.js';

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
