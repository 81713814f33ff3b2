import { z } from 'zod';
import { pageOf, pageQuery } from './paging.js';
import { routeSnapshot } from './routes.js';
import { connectionFacts, dialogueLine, side, timelineStep } from './session-facts.js';
import { id, instant } from './text.js';
import { whoActs } from './who-acts.js';

export const transferState = z.enum([
  'queued',
  'running',
  'waiting',
  'held',
  'succeeded',
  'partial',
  'failed',
  'cancelled',
]);
export type TransferState = z.infer<typeof transferState>;
export const transferFileState = z.enum(['planned', 'moving', 'delivered', 'failed', 'skipped', 'uncertain']);
export type TransferFileState = z.infer<typeof transferFileState>;
export const attemptOutcome = z.enum(['delivered', 'failed', 'cancelled', 'uncertain']);
export const transferCause = z.enum(['manual', 'api', 'schedule', 'resend']);
export type TransferCause = z.infer<typeof transferCause>;

export const transferStart = z.object({ routeId: id }).meta({ id: 'TransferStart' });
export type TransferStart = z.infer<typeof transferStart>;

export const resendFiles = z.enum(['not_delivered', 'all']);
export type ResendFiles = z.infer<typeof resendFiles>;

export const transferResend = z
  .object({
    reason: z.string().trim().min(3, 'say why, in a few words').max(500),
    files: resendFiles
      .optional()
      .describe(
        'Which of its files: what was not delivered, by it or by one that sent it again, unless told; or all, also those that the partner has.',
      ),
  })
  .meta({ id: 'TransferResend' });
export type TransferResend = z.infer<typeof transferResend>;

/** Sent with `POST /transfers`: the same key and body give the same answer, never a second transfer. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'is 1 to 200 printable ASCII characters without spaces');

const summary = {
  id,
  route: z.object({ id, name: z.string() }),
  partner: z.object({ id, name: z.string() }).nullable(),
  sourceName: z.string(),
  targetName: z.string(),
  cause: transferCause,
  requestedBy: z.string(),
  state: transferState,
  fileCount: z.number().int(),
  deliveredCount: z.number().int(),
  totalBytes: z.number(),
  movedBytes: z.number(),
  tryCount: z.number().int(),
  maxTries: z.number().int(),
  nextTryAt: instant.nullable(),
  failureKind: z.string().nullable(),
  failureText: z.string().nullable(),
  cancelRequested: z.boolean(),
  notEncrypted: z
    .boolean()
    .describe(
      'Whether files went in the clear at one end in any of its attempts: over plain FTP, where nothing is encrypted, or with PROT C, where only the control connection is.',
    ),
  createdAt: instant,
  startedAt: instant.nullable(),
  finishedAt: instant.nullable(),
};
export const transferSummary = z.object(summary).meta({ id: 'TransferSummary' });
export type TransferSummary = z.infer<typeof transferSummary>;
export const transferPage = pageOf(transferSummary, 'TransferPage');

/** The end at which a transfer failed. */
export const failedEnd = z
  .object({
    side,
    endpointId: id,
    endpointName: z.string(),
    isLocal: z.boolean().describe('Whether it is a folder of ours.'),
  })
  .nullable()
  .describe('At which end it failed; null where that is not known.');
export type FailedEnd = NonNullable<z.infer<typeof failedEnd>>;

const verification = z.string().nullable();
const VERIFICATION =
  'How it was verified: server_hash (a hash computed by the server), read_back (read again from the target), size, none (both channels said that it was complete), or compared (found at the target by a later try, with the SHA-256 of what was sent).';
const verificationAlgorithm = z.string().nullable();
const ALGORITHM =
  'The hash that was compared: SHA-256, SHA-512, SHA-1, MD5 or CRC32; null where none was. SHA-1, MD5 and CRC32 show accidents, not intent.';

export const transferQuery = pageQuery.extend({
  state: z.string().max(100).optional().describe('One state or several, separated by commas.'),
  routeId: id.optional(),
  partnerId: id.optional(),
  scheduleId: id.optional(),
  cause: transferCause.optional(),
  needsAttention: z
    .enum(['true'])
    .optional()
    .describe(
      'Only what needs somebody: held, waiting for another try, or failed or partial within 24 hours and not made good by a later transfer of the route that delivered its files.',
    ),
  from: instant.optional().describe('Created at or after.'),
  to: instant.optional().describe('Created before.'),
  finishedFrom: instant.optional().describe('Ended at or after.'),
  search: z
    .string()
    .trim()
    .max(100)
    .optional()
    .describe('Part of the route name or the start of a file name.'),
});
export type TransferQuery = z.infer<typeof transferQuery>;

export const transferFile = z
  .object({
    id,
    position: z.number().int(),
    name: z.string(),
    sourcePath: z
      .string()
      .describe(
        'Below the base folder of its endpoint, as are the paths in the texts of failures and steps.',
      ),
    targetPath: z.string().describe('Below the base folder of its endpoint.'),
    state: transferFileState,
    skipReason: z
      .string()
      .nullable()
      .describe('Why it matched and does not go, in words: one that may have arrived already, for example.'),
    sizeBytes: z.number().nullable(),
    movedBytes: z.number(),
    modifiedAt: instant.nullable(),
    sha256: z.string().nullable(),
    verification: verification.describe(VERIFICATION),
    verificationAlgorithm: verificationAlgorithm.describe(ALGORITHM),
    attemptCount: z.number().int(),
    failureKind: z.string().nullable(),
    failureText: z.string().nullable(),
    deliveredAt: instant.nullable(),
    afterActionAt: instant.nullable(),
  })
  .meta({ id: 'TransferFile' });
export type TransferFile = z.infer<typeof transferFile>;
export const transferFilePage = pageOf(transferFile, 'TransferFilePage');
export const transferFileQuery = pageQuery.extend({ state: transferFileState.optional() });
export type TransferFileQuery = z.infer<typeof transferFileQuery>;

const attemptFacts = {
  id,
  fileId: id.nullable().describe('Null where the try ended before a file was reached.'),
  fileName: z.string().nullable(),
  tryNumber: z.number().int(),
  workerId: z.string(),
  outcome: attemptOutcome,
  bytes: z.number(),
  resumedFromBytes: z
    .number()
    .nullable()
    .describe(
      'How many of the bytes an earlier try had left at the target, so that only the others were sent; null where all were.',
    ),
  bytesPerSecond: z.number().nullable().describe('Of what was sent, over the time in which it was.'),
  sha256: z.string().nullable(),
  verification: verification.describe(VERIFICATION),
  verificationAlgorithm: verificationAlgorithm.describe(ALGORITHM),
  confirmationLost: z
    .boolean()
    .describe(
      'All bytes were sent and the server’s final reply was lost; that they had arrived was found out by looking, and nothing was sent twice.',
    ),
  durationMs: z.number().int().nullable(),
  failureKind: z.string().nullable(),
  failureText: z.string().nullable(),
  failureStep: z.string().nullable(),
  whoActs,
  timeline: z.array(timelineStep),
  connections: z.array(connectionFacts),
  startedAt: instant,
  finishedAt: instant.nullable(),
};
/** An attempt as a list has it: without the dialogue, which would make a page of a hundred times the size. */
export const attemptSummary = z.object(attemptFacts).meta({ id: 'AttemptSummary' });
export type AttemptSummary = z.infer<typeof attemptSummary>;
export const attemptPage = pageOf(attemptSummary, 'AttemptPage');
export const attempt = z
  .object({ ...attemptFacts, dialogue: z.array(dialogueLine.extend({ side: side.optional() })) })
  .meta({ id: 'Attempt' });
export type Attempt = z.infer<typeof attempt>;
export const attemptQuery = pageQuery.extend({ fileId: id.optional() });
export type AttemptQuery = z.infer<typeof attemptQuery>;

const otherTransfer = z.object({ id, state: transferState, createdAt: instant });

export const transfer = z
  .object({
    ...summary,
    failedEnd,
    whoActs,
    snapshot: routeSnapshot,
    scheduleId: id.nullable(),
    dueAt: instant.nullable(),
    resendOfId: id.nullable(),
    resendFiles: resendFiles.nullable().describe('Which files of that transfer are sent again.'),
    resends: z.array(otherTransfer),
    settledBy: otherTransfer
      .nullable()
      .describe(
        'The later transfer of the route since which nothing of this one is left to deliver; null where there is none, or nothing was left.',
      ),
    waitsFor: otherTransfer
      .nullable()
      .describe('While it is queued: the transfer of the same route that goes first, if there is one.'),
    bytesPerSecond: z
      .number()
      .nullable()
      .describe(
        'Once it is over: the average over the time in which its tries moved bytes; waits and holds do not count.',
      ),
    fileStates: z.record(z.string(), z.number().int()).describe('How many files are in which state.'),
  })
  .meta({ id: 'Transfer' });
export type Transfer = z.infer<typeof transfer>;
