import { describe, expect, test } from '@jest/globals';
import { type UnsettledFile, isStillThere, whyNotAgain } from './unsettled-files.js';

const at = (time: string) => new Date(`2026-11-21T${time}Z`);
const left: UnsettledFile = {
  sourcePath: '/out/a.csv',
  isDelivered: false,
  sizeBytes: 7,
  modifiedAt: at('10:00:00'),
  transferAt: at('10:01:02.345'),
};

describe('a file that was left unsettled', () => {
  test.each([
    ['date and size are the same', { sizeBytes: 7, modifiedAt: at('10:00:00') }, left, true],
    ['it was written later', { sizeBytes: 7, modifiedAt: at('10:00:01') }, left, false],
    ['it has another size', { sizeBytes: 8, modifiedAt: at('10:00:00') }, left, false],
    ['its server tells no date and the size is the same', { sizeBytes: 7, modifiedAt: null }, left, true],
    ['its server tells no date and the size is another', { sizeBytes: 8, modifiedAt: null }, left, false],
    [
      'its size is not known and the date is the same',
      { sizeBytes: 8, modifiedAt: at('10:00:00') },
      { ...left, sizeBytes: null },
      true,
    ],
    ['nothing is known', { sizeBytes: null, modifiedAt: null }, left, true],
  ])('is told by date and size: %s', (_what, there, unsettled, isSame) => {
    expect(isStillThere(there, unsettled)).toBe(isSame);
  });

  test('is said to be so, with what to do', () => {
    expect(whyNotAgain(left)).toBe(
      'It may have arrived with the transfer of 2026-11-21 10:01 UTC. Ask the partner; then send that transfer again, or remove the file here.',
    );
    expect(whyNotAgain({ ...left, isDelivered: true })).toMatch(
      /^Delivered already by the transfer of 2026-11-21 10:01 UTC, .* by hand\.$/,
    );
  });
});
