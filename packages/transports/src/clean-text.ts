/**
 * Text that a stranger chose, made fit for people to read: a server's replies and file names may hold control
 * characters (which move cursors and forge log lines) and direction marks (which show `exe.txt` for `txt.exe`).
 */

/** C0, DEL and C1 controls, direction marks, line separators, and halves of surrogate pairs. */
const UNFIT =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/gu;

/** Whether the text holds a character that must not appear in a name or be shown as it is. */
export function hasUnfitCharacter(text: string): boolean {
  return text.search(UNFIT) >= 0;
}

/** The text with every unfit character written as `\u{..}`, cut to at most `maxLength` characters. */
export function cleanText(text: string, maxLength: number): string {
  const shown = text
    .slice(0, maxLength * 2)
    .replace(UNFIT, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
  return shown.length > maxLength ? `${shown.slice(0, maxLength - 1)}…` : shown;
}
