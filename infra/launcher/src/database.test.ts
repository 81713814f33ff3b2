import { expect, test } from '@jest/globals';
import { requireVersion } from './database.js';

test('a Postgres that is too old is refused with what is needed', () => {
  expect(() => requireVersion(140_012)).toThrow('it is Postgres 14, and Waybill needs 15 or newer');
  expect(() => requireVersion(150_000)).not.toThrow();
});
