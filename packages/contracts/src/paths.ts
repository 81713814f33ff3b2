/** Paths within an endpoint: absolute, `/` between the parts (`folderPath` in text.ts checks those of folders). */

/**
 * Parts beneath each other as one path, in its one form: no doubled and no trailing slash. `/in`, `csv/` and `a.csv`
 * give `/in/csv/a.csv`; what is empty gives `/`.
 */
export function joinPath(...parts: string[]): string {
  const path = `/${parts.join('/')}/`.replace(/\/{2,}/g, '/');
  return path === '/' ? path : path.slice(0, -1);
}

/** The one form of a path. */
export function tidyPath(path: string): string {
  return joinPath(path);
}

/** The folder that a file is in, with the slash behind it. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The name of a file without its folder. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
