/** What a transfer's page says where nothing moves, in whole sentences of what is known and no more. */
import type { Transfer } from '@waybill/contracts/transfers.js';
import { countFiles } from './count-files.js';

/**
 * What a queued transfer waits for. Only a try that was interrupted is not counted, or leaves the failure of the try
 * before it; a hold that was released does neither.
 */
export function queuedWords({
  startedAt,
  tryCount,
  failureKind,
}: Pick<Transfer, 'startedAt' | 'tryCount' | 'failureKind'>): string {
  if (startedAt === null) return 'Waits for a worker';
  return tryCount === 0 || failureKind !== null
    ? 'Interrupted; goes on when a worker takes it'
    : 'Goes on when a worker takes it';
}

/** In place of how far it came: why nothing went; null where something did, or still may. */
export function nothingWentWords(
  transfer: Pick<Transfer, 'state' | 'startedAt' | 'finishedAt' | 'snapshot' | 'fileCount' | 'fileStates'>,
): string | null {
  if (transfer.finishedAt === null || transfer.fileCount > 0) return null;
  return countFiles(transfer) > 0 ? 'No file went: all were skipped' : noFilesWords(transfer).title;
}

/** Why a transfer has no files to show. Only one that succeeded without any has found that none matched. */
export function noFilesWords({
  state,
  startedAt,
  finishedAt,
  snapshot,
}: Pick<Transfer, 'state' | 'startedAt' | 'finishedAt' | 'snapshot'>): { title: string; text: string } {
  if (state === 'succeeded')
    return {
      title: 'No file matched',
      text: `Nothing in ${snapshot.sourcePath} fits ${snapshot.filePattern}.`,
    };
  if (finishedAt !== null)
    return { title: 'No files listed', text: 'It ended before the source had listed its files.' };
  if (startedAt === null)
    return { title: 'Not looked for files yet', text: 'The files are listed when the transfer starts.' };
  return { title: 'No files listed yet', text: 'They appear once the source has listed them.' };
}
