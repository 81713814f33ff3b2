import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import { moveFile, type MoveRequest, type MoveResult } from '../move-file.js';
import type { PartialFile } from '../partial-file.js';
import { AT, BYTES, OLD } from './earlier-try.js';
import { type HostilePartner, open } from './hostile-partner.js';
import { memoryWith } from './memory-with.js';
import { moveRequest } from './move-request.js';

export interface Left {
  /** What is at the target. */
  bytes?: Buffer;
  partial?: Partial<PartialFile>;
  settings?: Partial<FtpsSettings>;
  changes?: Partial<MoveRequest>;
}

/** Sends four MiB to a server that has the first two already. */
export async function goOn(server: HostilePartner, left: Left = {}): Promise<MoveResult> {
  const { memory, files } = memoryWith(BYTES);
  await writeFile(join(server.root, left.partial?.path ?? OLD), left.bytes ?? BYTES.subarray(0, AT));
  const reopenTarget = () => open(server, { settings: left.settings ?? {} });
  return moveFile(
    moveRequest({
      source: memory,
      sourcePath: '/a.bin',
      target: await reopenTarget(),
      targetPath: '/a.bin',
      temporaryPath: '/.waybill-2.part',
      reopenTarget,
      partial: {
        path: OLD,
        sourceSizeBytes: BYTES.length,
        sourceModifiedAt: files.get('/a.bin')!.modifiedAt,
        resumedFrom: null,
        ...left.partial,
      },
      ...left.changes,
    }),
  );
}
