import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type ExceptionQuery,
  type ExceptionRequest,
  exception,
  exceptionPage,
  exceptionQuery,
  exceptionRequest,
} from '@waybill/contracts/exceptions.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import type { Actor } from '@waybill/domain/actor.js';
import {
  approveException,
  endException,
  listExceptions,
  requestException,
} from '@waybill/domain/exceptions/exceptions.js';
import { Can } from './http/can.js';
import { Id } from './http/contract.pipe.js';
import { CurrentActor } from './http/current-actor.js';
import { Returns } from './http/returns.js';
import { DATABASE } from './tokens.js';

@Controller('api/v1')
export class ExceptionsController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get('exceptions')
  @Can('exception:read')
  @Returns(exceptionPage)
  @ApiOperation({ summary: 'List exceptions, newest first' })
  listExceptions(@Query({ schema: exceptionQuery }) query: ExceptionQuery) {
    return listExceptions(this.database, query);
  }

  @Post('endpoints/:id/exceptions')
  @Can('exception:request')
  @Returns(exception, 201)
  @ApiOperation({ summary: 'Ask for an exception for an endpoint; for people, not for API keys' })
  requestException(
    @CurrentActor() actor: Actor,
    @Id() endpointId: string,
    @Body({ schema: exceptionRequest }) input: ExceptionRequest,
  ) {
    return inTransaction(this.database, (tx) => requestException(tx, actor, { endpointId, input }));
  }

  @Post('exceptions/:id/approve')
  @Can('exception:approve')
  @Returns(exception)
  @ApiOperation({
    summary: 'Approve an exception that somebody else has asked for; for people, not for API keys',
  })
  approveException(@CurrentActor() actor: Actor, @Id() id: string) {
    return inTransaction(this.database, (tx) => approveException(tx, actor, { id }));
  }

  @Post('exceptions/:id/end')
  @Can('exception:request')
  @Returns(exception)
  @ApiOperation({ summary: 'End an exception before its time, or withdraw the request for one' })
  endException(@CurrentActor() actor: Actor, @Id() id: string) {
    return inTransaction(this.database, (tx) => endException(tx, actor, { id }));
  }
}
