/** Names of a listing that cannot be trusted are left out, and that is told. */
import { countOf } from '@waybill/contracts/count-of.js';
import { showName } from './safe-name.js';
import type { Listing } from './transport.js';

/** At most this many refused names are reported; more are only counted in the last one. */
const MAX_REFUSED = 100;

/** Leaves a name out of a listing and says so. */
export function refuseName(listing: Listing, name: string, why: string): void {
  const { refused } = listing;
  if (refused.length < MAX_REFUSED) refused.push({ shownAs: showName(name), why });
  else refused[MAX_REFUSED - 1] = { shownAs: '…', why: 'more names were refused than are shown' };
}

/** "2 entries, 1 name refused", for the timeline. */
export function sayWhatWasListed({ entries, refused }: Listing): string {
  const found = countOf(entries.length, 'entry', 'entries');
  return refused.length === 0 ? found : `${found}, ${countOf(refused.length, 'name')} refused`;
}
