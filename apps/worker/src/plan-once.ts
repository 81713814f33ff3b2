/** Lists the source and decides what goes: at the first try that gets that far, and never again. */
import { inTransaction } from '@waybill/db/transaction.js';
import { type Choice, type PlannedFile, planFiles } from '@waybill/domain/transfers/plan-files.js';
import { recordPlan } from '@waybill/domain/transfers/record-plan.js';
import { namesToResend } from '@waybill/domain/transfers/resend-transfer.js';
import {
  type OpenFile,
  findListing,
  findOpenFiles,
  isPlanned,
} from '@waybill/domain/transfers/settle-files.js';
import { findUnsettledFiles, isStillThere, whyNotAgain } from '@waybill/domain/transfers/unsettled-files.js';
import { TransportError } from '@waybill/transports/transport-error.js';
import type { Listing, Transport } from '@waybill/transports/transport.js';
import type { Run } from './run.js';

/** More than this in one transfer would be unwieldy for people and for the database alike. */
const MAX_FILES = 100_000;
/** Writing down so many files takes a while. */
const PLAN_TIMEOUT_MS = 55_000;

/** The files that are still to be moved, in order; sets `run.listing`. */
export async function planOnce(run: Run): Promise<OpenFile[]> {
  const { worker, claim } = run;
  if (await isPlanned(worker.database, claim.lease.transferId)) {
    run.listing = await findListing(worker.database, claim.lease.transferId);
  } else {
    const source = await run.sessions.open('source');
    const listing = await source.list(claim.snapshot.sourcePath);
    run.listing = source.record().timeline.findLast(({ step }) => step === 'list') ?? null;
    const names = claim.resend === null ? null : await namesToResend(worker.database, claim.resend);
    // Whoever sends files again has decided on them.
    const notAgain = names === null ? await findNotAgain(run, source, listing) : new Map<string, string>();
    const files = planOrRefuse(run, listing, { onlyNames: names, notAgain });
    if (files.length > MAX_FILES) throw tooMany(claim.snapshot.filePattern, files.length);
    const plan = { claim, files };
    await inTransaction(worker.database, (tx) => recordPlan(tx, worker.actor, plan), {
      timeoutMs: PLAN_TIMEOUT_MS,
    });
  }
  const open = await findOpenFiles(worker.database, claim);
  return open.filter((file) => file.state === 'planned');
}

/** Why files that earlier transfers of the route have left unsettled do not go, by their path. */
async function findNotAgain(
  { worker, claim }: Run,
  source: Transport,
  listing: Listing,
): Promise<Map<string, string>> {
  const reasons = new Map<string, string>();
  const unsettled = Map.groupBy(
    await findUnsettledFiles(worker.database, claim),
    ({ sourcePath }) => sourcePath,
  );
  for (const entry of listing.entries) {
    const earlier = unsettled.get(entry.path);
    if (earlier === undefined) continue;
    // Looked at as it was before it was read: a listing tells less of it, or less exactly.
    const there = (await source.stat(entry.path)) ?? entry;
    // What was moved of text may have other line ends, and so another size.
    const sizeBytes = source.policy.transferType === 'binary' ? there.sizeBytes : null;
    const same = earlier.find((one) => isStillThere({ ...there, sizeBytes }, one));
    if (same !== undefined) reasons.set(entry.path, whyNotAgain(same));
  }
  return reasons;
}

function planOrRefuse(run: Run, listing: Listing, choice: Choice): PlannedFile[] {
  try {
    return planFiles(listing, run.claim.snapshot, choice);
  } catch (cause) {
    const { filePattern } = run.claim.snapshot;
    const why = cause instanceof Error ? cause.message : 'it cannot be read';
    throw new TransportError(
      'name_refused',
      'list',
      `The file pattern ${filePattern} of the route cannot be used: ${why}. Correct the route.`,
      { cause },
    );
  }
}

function tooMany(pattern: string, count: number): TransportError {
  const message = `${count} files match ${pattern}; one transfer takes ${MAX_FILES} at most. Narrow the pattern or the folder.`;
  return new TransportError('listing_too_large', 'list', message);
}
