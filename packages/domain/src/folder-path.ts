/** Folders within an endpoint: absolute, `/` between the parts (`folderPath` in the contracts checks them). */

/** The one form of a folder: no doubled and no trailing slash. `/` stays `/`. */
export function tidyFolder(path: string): string {
  return joinFolders(path);
}

/** Folders beneath each other as one: `/in` and `/csv/` give `/in/csv`. */
export function joinFolders(...paths: string[]): string {
  return `/${paths
    .flatMap((path) => path.split('/'))
    .filter((part) => part !== '')
    .join('/')}`;
}
