/**
 * The name that a file has at the target until it is complete, in whichever form the endpoint asks for. Each holds the
 * file's id and a number that only grows: so no two tries write under one name, and what is ours can be told.
 */
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import { baseName, folderOf, joinPath } from '@waybill/contracts/paths.js';

type NamePolicy = Pick<
  FtpsSettings,
  'temporaryName' | 'temporaryPrefix' | 'temporarySuffix' | 'temporaryFolder'
>;

/** What nearly every file system takes. */
const MAX_NAME_BYTES = 255;
/** Ours, or another Waybill's. */
const OURS = /^\.waybill-|waybill-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d{1,9}/;

/** Whether a file in a listing is on its way, and so none to be moved. */
export function isTemporaryName(name: string): boolean {
  return OURS.test(name);
}

/** Of servers that forbid renames it is the final name itself. */
export function temporaryPathOf(
  { id, targetPath }: { id: string; targetPath: string },
  number: number,
  policy: NamePolicy,
): string {
  const { temporaryPrefix, temporarySuffix } = policy;
  const core = `waybill-${id}-${number}`;
  const folder = folderOf(targetPath);
  const prefixed = `${temporaryPrefix.replace(/waybill-$/, '')}${core}${temporarySuffix}`;
  switch (policy.temporaryName) {
    case 'direct':
      return targetPath;
    case 'folder':
      return joinPath(policy.temporaryFolder ?? folder, prefixed);
    case 'suffix': {
      const end = `.${core}${temporarySuffix}`;
      return folder + cut(baseName(targetPath), MAX_NAME_BYTES - Buffer.byteLength(end)) + end;
    }
    case 'prefix':
      return folder + prefixed;
  }
}

/** As many whole characters of the name as fit. */
function cut(name: string, bytes: number): string {
  let fits = name;
  while (Buffer.byteLength(fits) > bytes) fits = [...fits].slice(0, -1).join('');
  return fits;
}
