const number = new Intl.NumberFormat('en');

/** "1,073,741,824": exact, and readable. */
export const formatCount = (count: number): string => number.format(count);

/** "1 byte", "3,000 bytes", "2 entries", "an unknown number of bytes": how many of what, for people. */
export const countOf = (count: number | null, one: string, many = `${one}s`): string =>
  `${count === null ? 'an unknown number of' : formatCount(count)} ${count === 1 ? one : many}`;
