import { expect, test } from '@jest/globals';
import { partnerCreate } from './partners.js';

const read = (tags: string[]) => partnerCreate.safeParse({ name: 'Nordbank', tags });

test('a tag that is refused is named', () => {
  expect(read(['payroll', 'b@nk']).error?.issues).toMatchObject([
    { path: ['tags', 1], message: expect.stringMatching(/^“b@nk” is no tag: letters, digits and dashes/) },
  ]);
  expect(read(['x'.repeat(99)]).error?.issues[0]?.message).toMatch(/^“x{30}” is no tag/);
});

test('a tag is kept in small letters', () => {
  expect(read([' Bank ']).data?.tags).toEqual(['bank']);
});
