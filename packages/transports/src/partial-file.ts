/** A part of a file at the target, and what it is a part of. */
export interface PartialFile {
  path: string;
  /** Of the source that it was read from. */
  sourceSizeBytes: number;
  /** Null where its server does not say. */
  sourceModifiedAt: Date | null;
  /** Where the try that left it had gone on itself; null where that one had begun at the beginning. */
  resumedFrom: number | null;
  /** All of it is there, and an older file was removed to make way for it, or was to be: it may be the only copy. */
  madeWay?: true;
}

/** What an older file makes way for. With no time of its source, another try takes it for a part only where all of it is compared. */
export function wholeAt(path: string, bytes: number): PartialFile {
  return { path, sourceSizeBytes: bytes, sourceModifiedAt: null, resumedFrom: null, madeWay: true };
}
