import { Body, Controller, Get, Headers, Inject, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation } from '@nestjs/swagger';
import {
  type AttemptQuery,
  type TransferFileQuery,
  type TransferQuery,
  type TransferResend,
  type TransferStart,
  attempt,
  attemptPage,
  attemptQuery,
  idempotencyKey,
  transfer,
  transferFilePage,
  transferFileQuery,
  transferPage,
  transferQuery,
  transferResend,
  transferStart,
} from '@waybill/contracts/transfers.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import type { Actor } from '@waybill/domain/actor.js';
import { fieldProblem } from '@waybill/domain/problem.js';
import { cancelTransfer } from '@waybill/domain/transfers/cancel-transfer.js';
import { type TransferStartInput, startTransfer } from '@waybill/domain/transfers/start-transfer.js';
import {
  getAttempt,
  getTransfer,
  listAttempts,
  listTransferFiles,
  listTransfers,
} from '@waybill/domain/transfers/transfer-views.js';
import { tryNow } from '@waybill/domain/transfers/try-now.js';
import type { Jobs } from '@waybill/jobs/jobs.js';
import type { Response } from 'express';
import type { Logger } from 'pino';
import { Can } from './http/can.js';
import { Id } from './http/contract.pipe.js';
import { CurrentActor } from './http/current-actor.js';
import { Returns } from './http/returns.js';
import { DATABASE, JOBS, LOG } from './tokens.js';

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  description:
    'The same key and request give the same transfer, never a second one, for 30 days. 1 to 200 characters.',
};
const REPLAYED = 'Idempotency-Replayed';
const REPLAYED_HEADER = {
  [REPLAYED]: {
    description:
      'There where the same key and request came before: the transfer is the one that they started then.',
    schema: { type: 'string', enum: ['true'] },
  },
};

@Controller('api/v1/transfers')
export class TransfersController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(JOBS) private readonly jobs: Jobs,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  @Get()
  @Can('transfer:read')
  @Returns(transferPage)
  @ApiOperation({ summary: 'List transfers, newest first' })
  listTransfers(@Query({ schema: transferQuery }) query: TransferQuery) {
    return listTransfers(this.database, query);
  }

  @Post()
  @Can('transfer:start')
  @Returns(transfer, 201, REPLAYED_HEADER)
  @ApiOperation({ summary: 'Start a transfer of a route' })
  @ApiHeader({ ...IDEMPOTENCY_KEY, required: true })
  async startTransfer(
    @CurrentActor() actor: Actor,
    @Body({ schema: transferStart }) body: TransferStart,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ) {
    const cause = actor.kind === 'api_key' ? 'api' : 'manual';
    if (key === undefined)
      throw fieldProblem(
        'Idempotency-Key',
        'is needed: a header with a text of your own, new for each transfer, so that a request that is sent ' +
          'again after a lost answer does not send the files twice',
      );
    const input = { ...body, cause, idempotencyKey: parseKey(key) } as const;
    return this.start(actor, input, response);
  }

  @Get(':id')
  @Can('transfer:read')
  @Returns(transfer)
  @ApiOperation({ summary: 'Read a transfer' })
  getTransfer(@Id() id: string) {
    return getTransfer(this.database, id);
  }

  @Get(':id/files')
  @Can('transfer:read')
  @Returns(transferFilePage)
  @ApiOperation({ summary: 'List the files of a transfer, in the order in which they are moved' })
  listTransferFiles(@Id() id: string, @Query({ schema: transferFileQuery }) query: TransferFileQuery) {
    return listTransferFiles(this.database, id, query);
  }

  @Get(':id/attempts')
  @Can('transfer:read')
  @Returns(attemptPage)
  @ApiOperation({ summary: 'List the attempts of a transfer with their steps and TLS facts, newest first' })
  listAttempts(@Id() id: string, @Query({ schema: attemptQuery }) query: AttemptQuery) {
    return listAttempts(this.database, id, query);
  }

  @Get(':id/attempts/:attemptId')
  @Can('transfer:read')
  @Returns(attempt)
  @ApiOperation({ summary: 'Read an attempt, with the FTP dialogue' })
  getAttempt(@Id() id: string, @Id('attemptId') attemptId: string) {
    return getAttempt(this.database, id, attemptId);
  }

  @Post(':id/cancel')
  @Can('transfer:cancel')
  @Returns(transfer)
  @ApiOperation({
    summary:
      'Cancel a transfer; one that runs ends within two seconds (where its worker is alive; otherwise when its lease has ended, after up to half a minute)',
  })
  async cancelTransfer(@CurrentActor() actor: Actor, @Id() id: string) {
    const { ring } = await inTransaction(this.database, (tx) => cancelTransfer(tx, actor, { id }));
    if (ring) await this.ring(id);
    return getTransfer(this.database, id);
  }

  @Post(':id/try-now')
  @Can('transfer:start')
  @Returns(transfer)
  @ApiOperation({ summary: 'Try a transfer now that waits for its next try' })
  async tryNow(@CurrentActor() actor: Actor, @Id() id: string) {
    await inTransaction(this.database, (tx) => tryNow(tx, actor, { id }));
    await this.ring(id);
    return getTransfer(this.database, id);
  }

  @Post(':id/resend')
  @Can('transfer:start')
  @Returns(transfer, 201, REPLAYED_HEADER)
  @ApiOperation({ summary: 'Send the files of a transfer again, as a new transfer' })
  @ApiHeader({ ...IDEMPOTENCY_KEY, required: false })
  async resendTransfer(
    @CurrentActor() actor: Actor,
    @Id() id: string,
    @Body({ schema: transferResend }) { reason, files }: TransferResend,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ) {
    const input = {
      cause: 'resend',
      resendOfId: id,
      resendFiles: files ?? 'not_delivered',
      reason,
      idempotencyKey: key === undefined ? undefined : parseKey(key),
    } as const;
    return this.start(actor, input, response);
  }

  private async start(actor: Actor, input: TransferStartInput, response: Response) {
    const started = await inTransaction(this.database, (tx) => startTransfer(tx, actor, input));
    if (started.isNew) await this.ring(started.transferId);
    else response.setHeader(REPLAYED, 'true');
    return getTransfer(this.database, started.transferId);
  }

  /** The row is what counts: a ring that is lost is rung again by the sweeper. */
  private async ring(transferId: string): Promise<void> {
    await this.jobs.ring('transfer', transferId).catch((err: unknown) => {
      this.log.warn({ err, transferId }, 'ring failed');
    });
  }
}

function parseKey(key: string): string {
  const parsed = idempotencyKey.safeParse(key);
  if (!parsed.success)
    throw fieldProblem('Idempotency-Key', 'is 1 to 200 printable characters without spaces');
  return parsed.data;
}
