import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { type AuditEventQuery, auditEventPage, auditEventQuery } from '@waybill/contracts/audit-events.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import type { Actor } from '@waybill/domain/actor.js';
import { listAuditEvents } from '@waybill/domain/audit/list-audit-events.js';
import { Can } from './http/can.js';
import { CurrentActor } from './http/current-actor.js';
import { Returns } from './http/returns.js';
import { DATABASE } from './tokens.js';

@Controller('api/v1/audit-events')
export class AuditEventsController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get()
  @Can('audit:read')
  @Returns(auditEventPage)
  @ApiOperation({ summary: 'Read the audit log, newest first; reading is an event too' })
  listAuditEvents(@CurrentActor() actor: Actor, @Query({ schema: auditEventQuery }) query: AuditEventQuery) {
    return inTransaction(this.database, (tx) => listAuditEvents(tx, actor, query));
  }
}
