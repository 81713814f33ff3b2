/** What somebody means by what is typed into the command palette. */
export interface PaletteText {
  /** Only routes to run are meant, as in "run payroll". */
  isRun: boolean;
  /** What is looked up: without the verb. */
  search: string;
  /** The id of a thing, where that was pasted. */
  id: string | null;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export function readPaletteText(text: string): PaletteText {
  const typed = text.trim();
  const [, verb, rest = ''] = /^(run|start|open)(?:\s+(.*))?$/i.exec(typed) ?? [];
  return {
    isRun: verb !== undefined && verb.toLowerCase() !== 'open',
    search: verb === undefined ? typed : rest,
    id: UUID.test(typed) ? typed.toLowerCase() : null,
  };
}

/** Whether a command is meant: every word typed is in its words. */
export function fitsText(text: string, command: string): boolean {
  const words = command.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}
