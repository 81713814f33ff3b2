/** All cases, by theme. */
import type { HostileCase } from './hostile-case.js';
import { replyCases } from './reply-cases.js';
import { truncationCases } from './truncation-cases.js';
import { wordCases } from './word-cases.js';

export const CATALOGUE: readonly { theme: string; cases: HostileCase[] }[] = [
  { theme: 'Truncation', cases: truncationCases },
  { theme: 'Replies', cases: [...replyCases, ...wordCases] },
];

export const ALL_CASES: readonly HostileCase[] = CATALOGUE.flatMap(({ cases }) => cases);
