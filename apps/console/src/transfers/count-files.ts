import type { Transfer } from '@waybill/contracts/transfers.js';

/** All files of a transfer, the skipped ones too: as many as its list has rows. `fileCount` counts those to move. */
export const countFiles = ({ fileStates }: Pick<Transfer, 'fileStates'>): number =>
  Object.values(fileStates).reduce((sum, count) => sum + count, 0);
