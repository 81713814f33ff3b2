/** The hashes that servers of partners compute, and the same computed here. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * As FTP names them (draft-bryan-ftpext-hash), in the order in which they are asked for: SHA-256 first because it is
 * always computed here. SHA-1, MD5 and CRC32 show accidents and nothing more: whoever wants to can forge them.
 */
export const HASH_ALGORITHMS = ['SHA-256', 'SHA-512', 'SHA-1', 'MD5', 'CRC32'] as const;
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number];

export const HEX_DIGITS: Record<HashAlgorithm, number> = {
  'SHA-256': 64,
  'SHA-512': 128,
  'SHA-1': 40,
  MD5: 32,
  CRC32: 8,
};

export interface RunningHash {
  update(bytes: Uint8Array): void;
  /** Of what was given so far, in lower-case hex; more may follow. */
  digest(): string;
}

/** The hashes of a file that are computed while it passes. SHA-256 is always among them. */
export type FileHashes = Map<HashAlgorithm, RunningHash>;

export function createFileHashes(algorithms: readonly HashAlgorithm[]): FileHashes {
  return new Map(algorithms.map((algorithm) => [algorithm, createRunningHash(algorithm)]));
}

export function updateAll(hashes: FileHashes, bytes: Uint8Array): void {
  for (const hash of hashes.values()) hash.update(bytes);
}

/** In lower-case hex. */
export function digestsOf(hashes: FileHashes): Map<HashAlgorithm, string> {
  return new Map([...hashes].map(([algorithm, hash]) => [algorithm, hash.digest()]));
}

export function createRunningHash(algorithm: HashAlgorithm): RunningHash {
  if (algorithm === 'CRC32') {
    let value = 0;
    return {
      update: (bytes) => {
        value = crc32(bytes, value);
      },
      digest: () => value.toString(16).padStart(8, '0'),
    };
  }
  const hash = createHash(algorithm.replace('-', '').toLowerCase());
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.copy().digest('hex') };
}
