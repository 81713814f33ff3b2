import { expect, test } from '@jest/globals';
import { createRunningHash, HASH_ALGORITHMS, HEX_DIGITS } from './hash-algorithms.js';

test('each hash is the published one, in as many digits as are said, however the bytes are cut', () => {
  const published = {
    'SHA-256': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    'SHA-512':
      'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    'SHA-1': 'a9993e364706816aba3e25717850c26c9cd0d89d',
    MD5: '900150983cd24fb0d6963f7d28e17f72',
    CRC32: '352441c2',
  };
  for (const algorithm of HASH_ALGORITHMS) {
    const hash = createRunningHash(algorithm);
    for (const part of ['a', '', 'bc']) hash.update(Buffer.from(part));
    const digest = hash.digest();
    expect(digest).toBe(published[algorithm]);
    expect(digest).toHaveLength(HEX_DIGITS[algorithm]);
  }
});
