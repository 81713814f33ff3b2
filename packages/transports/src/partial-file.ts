/** A part of a file at the target, and what it is a part of. */
export interface PartialFile {
  path: string;
  /** Of the source that it was read from. */
  sourceSizeBytes: number;
  /** Null where its server does not say. */
  sourceModifiedAt: Date | null;
  /** Where the try that left it had gone on itself; null where that one had begun at the beginning. */
  resumedFrom: number | null;
}
