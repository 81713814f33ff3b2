/** "1 byte", "3 bytes", "2 entries": how many of what, for people. */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
