/** LIST in its Unix and DOS forms, for servers without MLSD; its times have no zone and are not believed. */
import { FileType, parseList } from 'basic-ftp';
import { joinPath, whyNameIsUnsafe } from '../safe-name.js';
import { TransportError } from '../transport-error.js';
import type { Listing } from '../transport.js';
import { refuse } from './parse-mlsd.js';

/** @throws TransportError `protocol_error` where the lines are in no known form */
export function parsePlainList(text: string, folder: string): Listing {
  const listing: Listing = { entries: [], refused: [] };
  const files = readLines(text);
  for (const file of files) {
    if (file.name === '.' || file.name === '..') continue;
    const why = whyNameIsUnsafe(file.name);
    if (why !== null) {
      refuse(listing, file.name, why);
      continue;
    }
    listing.entries.push({
      name: file.name,
      path: joinPath(folder, file.name),
      kind: file.type === FileType.File ? 'file' : file.type === FileType.Directory ? 'folder' : 'other',
      sizeBytes:
        file.type === FileType.File && Number.isSafeInteger(file.size) && file.size >= 0 ? file.size : null,
      modifiedAt: null,
    });
  }
  return listing;
}

function readLines(text: string): ReturnType<typeof parseList> {
  try {
    return parseList(text);
  } catch (error) {
    const message =
      'The listing is in a form that is not known. Ask the partner to switch MLSD on, or the Unix form of LIST.';
    throw new TransportError('protocol_error', 'list', message, { cause: error });
  }
}
