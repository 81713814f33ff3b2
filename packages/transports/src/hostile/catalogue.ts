/** All cases, by theme. */
import type { HostileCase } from './hostile-case.js';
import { dataChannelCases } from './data-channel-cases.js';
import { listingCases } from './listing-cases.js';
import { operationCases } from './operation-cases.js';
import { replyCases } from './reply-cases.js';
import { stepCases } from './step-cases.js';
import { tlsCases } from './tls-cases.js';
import { truncationCases } from './truncation-cases.js';
import { uploadCases } from './upload-cases.js';
import { wordCases } from './word-cases.js';

export const CATALOGUE: readonly { theme: string; cases: HostileCase[] }[] = [
  { theme: 'Truncation', cases: truncationCases },
  { theme: 'Replies', cases: [...replyCases, ...wordCases] },
  { theme: 'TLS', cases: tlsCases },
  { theme: 'Data connections', cases: dataChannelCases },
  { theme: 'Uploads', cases: uploadCases },
  { theme: 'Listings', cases: listingCases },
  { theme: 'Operations', cases: operationCases },
  { theme: 'Every step', cases: stepCases },
];

export const ALL_CASES: readonly HostileCase[] = CATALOGUE.flatMap(({ cases }) => cases);
