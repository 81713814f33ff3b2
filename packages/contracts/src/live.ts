/** What the stream `GET /api/v1/live` sends (server-sent events): small facts, each enough to update a page. */
import { z } from 'zod';
import { id } from './text.js';
import { transferFileState, transferState } from './transfers.js';

export const liveQuery = z.object({
  transferId: id.optional().describe('Only this transfer, with its files; and pauses.'),
  endpointTestId: id.optional().describe('Only this endpoint test; and pauses.'),
});
export type LiveQuery = z.infer<typeof liveQuery>;

export const liveEvent = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('transfer'),
      transferId: id,
      state: transferState,
      movedBytes: z.number(),
      totalBytes: z.number(),
      deliveredCount: z.number().int(),
      fileCount: z.number().int(),
      bytesPerSecond: z.number().nullable(),
      file: z.object({ id, state: transferFileState, movedBytes: z.number() }).nullable(),
    }),
    z.object({ kind: z.literal('endpoint_test'), endpointTestId: id }),
    // Waybill was paused, or goes on: the overview says which.
    z.object({ kind: z.literal('pause') }),
  ])
  .meta({ id: 'LiveEvent' });
export type LiveEvent = z.infer<typeof liveEvent>;
