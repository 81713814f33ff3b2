/** All cases, by theme. */
import type { HostileCase } from './hostile-case.js';
import { brokenUploadCases } from './broken-upload-cases.js';
import { certificateCases } from './certificate-cases.js';
import { dataChannelCases } from './data-channel-cases.js';
import { listingCases } from './listing-cases.js';
import { listingLineCases } from './listing-line-cases.js';
import { operationCases } from './operation-cases.js';
import { protectionCases } from './protection-cases.js';
import { renameCases } from './rename-cases.js';
import { replyCases } from './reply-cases.js';
import { resumptionCases } from './resumption-cases.js';
import { stepCases } from './step-cases.js';
import { truncationCases } from './truncation-cases.js';
import { wordCases } from './word-cases.js';

const byId = (a: HostileCase, b: HostileCase): number => a.id.localeCompare(b.id);

export const CATALOGUE = {
  Truncation: truncationCases,
  Replies: [...replyCases, ...wordCases],
  TLS: [...certificateCases, ...protectionCases],
  'Data connections': dataChannelCases,
  Uploads: [...brokenUploadCases, ...renameCases, ...resumptionCases].sort(byId),
  Listings: [...listingLineCases, ...listingCases],
  Operations: operationCases,
  'Every step': stepCases,
} satisfies Record<string, HostileCase[]>;

export const ALL_CASES: readonly HostileCase[] = Object.values(CATALOGUE).flat();
