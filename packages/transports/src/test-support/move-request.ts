import type { MoveRequest } from '../move-file.js';
import { quiet } from './open-for-test.js';

/** A request for `moveFile` with the ordinary choices. */
export function moveRequest(
  request: Pick<MoveRequest, 'source' | 'sourcePath' | 'target' | 'targetPath' | 'reopenTarget'> &
    Partial<MoveRequest>,
): MoveRequest {
  const slash = request.targetPath.lastIndexOf('/') + 1;
  return {
    temporaryPath: `${request.targetPath.slice(0, slash)}.waybill-${request.targetPath.slice(slash)}.part`,
    ifExists: 'fail',
    expected: { sizeBytes: null, modifiedAt: null },
    signal: quiet,
    ...request,
  };
}
