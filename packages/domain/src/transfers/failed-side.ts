/**
 * At which end a transfer failed, as far as what it left behind tells: so that a person is sent to the endpoint that
 * needs them, and to neither where it may have been the other.
 */
import type { ConnectionFacts, Side, TimelineStep } from '@waybill/contracts/session-facts.js';
import type { FailedEnd } from '@waybill/contracts/transfers.js';
import { routeSnapshot } from '@waybill/contracts/routes.js';
import type { Tx } from '@waybill/db/transaction.js';

export interface FailedTry {
  failureKind: string | null;
  timeline: Pick<TimelineStep, 'side' | 'outcome'>[];
  connections: Pick<ConnectionFacts, 'side' | 'protocol'>[];
}

/** Kinds that can come from one end only. */
const SIDE_OF_KIND: Record<string, Side> = {
  source_changed: 'source',
  target_exists: 'target',
  target_full: 'target',
};

/** The end at which a try failed; null where both are possible. */
export function failedSide({ failureKind, timeline, connections }: FailedTry): Side | null {
  const ofKind = SIDE_OF_KIND[failureKind ?? ''];
  if (ofKind !== undefined) return ofKind;
  const broken = new Set(
    timeline.flatMap(({ side, outcome }) => (outcome === 'failed' && side ? [side] : [])),
  );
  if (broken.size === 1) return [...broken][0] ?? null;
  // When one end breaks, the bytes stop at both. A folder of ours is not to blame for what a server answers.
  const isLocal = failureKind === 'local_io';
  const suspects = connections.filter(({ protocol }) => (protocol === 'local_folder') === isLocal);
  return suspects.length === 1 ? (suspects[0]?.side ?? null) : null;
}

/** Whether that side of the try is a folder of ours. */
export function isLocalSide({ connections }: Pick<FailedTry, 'connections'>, side: Side | null): boolean {
  return connections.some((one) => one.side === side && one.protocol === 'local_folder');
}

/** The ends at which transfers failed or are held, by the transfer's id; one that is not known is left out. */
export async function readFailedEnds(tx: Tx, transferIds: string[]): Promise<Map<string, FailedEnd>> {
  const rows = await tx.$queryRaw<(FailedTry & { transferId: string; snapshot: unknown })[]>`
    SELECT transfer.id AS "transferId", transfer.route_snapshot AS snapshot,
      transfer.failure_kind AS "failureKind", tried.timeline, tried.connections
    FROM transfer
    CROSS JOIN LATERAL (
      SELECT timeline, connections FROM attempt
      WHERE attempt.transfer_id = transfer.id AND attempt.outcome IN ('failed', 'uncertain')
        AND attempt.failure_kind = transfer.failure_kind
      ORDER BY attempt.started_at DESC LIMIT 1
    ) tried
    WHERE transfer.id = ANY (${transferIds}::uuid[]) AND transfer.failure_kind IS NOT NULL`;
  return new Map(
    rows.flatMap((row) => {
      const side = failedSide(row);
      if (side === null) return [];
      const snapshot = routeSnapshot.parse(row.snapshot);
      const end = {
        side,
        endpointId: snapshot[`${side}EndpointId`],
        endpointName: snapshot[`${side}EndpointName`],
        isLocal: isLocalSide(row, side),
      };
      return [[row.transferId, end] as const];
    }),
  );
}
