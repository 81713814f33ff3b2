/** What a case relies on, as the smallest change of the source that takes it out. */
export interface Edit {
  /** Below `packages/transports/src`. */
  file: string;
  /** Stands there exactly once. */
  find: string;
  replace: string;
}

export interface Defence {
  /** What is done, as a sentence. */
  says: string;
  edits: Edit[];
}

/** A defence that one change takes out. */
export function takeOut(says: string, file: string, find: string, replace: string): Defence {
  return { says, edits: [{ file, find, replace }] };
}
