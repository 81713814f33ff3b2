/**
 * Which transfers need somebody: what is held or waits for another try, and what failed lately and no later transfer
 * has made good since (`settle-failures.ts`).
 */
import type { Prisma } from '@waybill/db/generated/prisma/client.js';

/** A failure older than this is history. */
const LATELY_MS = 24 * 3_600_000;

/** The transfers that need somebody, in the order of urgency: each part a filter. */
export function whatNeedsAttention(now: Date): Prisma.TransferWhereInput[] {
  return [
    { state: 'held' },
    {
      state: { in: ['failed', 'partial'] },
      finishedAt: { gte: new Date(now.getTime() - LATELY_MS) },
      settledById: null,
    },
    { state: 'waiting' },
  ];
}
