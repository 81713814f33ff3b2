import { Body, Controller, Delete, Get, Inject, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { type Pause, overview, pause as pauseInput } from '@waybill/contracts/overview.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import type { Actor } from '@waybill/domain/actor.js';
import { readOverview } from '@waybill/domain/overview/read-overview.js';
import { pauseInstallation, resumeInstallation } from '@waybill/domain/settings/pause.js';
import { Can } from './http/can.js';
import { CurrentActor } from './http/current-actor.js';
import { Returns, ReturnsNothing } from './http/returns.js';
import { DATABASE } from './tokens.js';

/** How the whole stands, and the switch for the whole. */
@Controller('api/v1')
export class OverviewController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get('overview')
  @Can('transfer:read')
  @Returns(overview)
  @ApiOperation({ summary: 'What runs, what failed, what is due, what is stopped' })
  getOverview() {
    return readOverview(this.database);
  }

  @Post('pause')
  @Can('setting:write')
  @ReturnsNothing()
  @ApiOperation({ summary: 'Pause: no transfer starts until somebody resumes; what runs goes on' })
  pauseInstallation(@CurrentActor() actor: Actor, @Body({ schema: pauseInput }) body: Pause) {
    return inTransaction(this.database, (tx) => pauseInstallation(tx, actor, body));
  }

  @Delete('pause')
  @Can('setting:write')
  @ReturnsNothing()
  @ApiOperation({ summary: 'Resume after a pause' })
  resumeInstallation(@CurrentActor() actor: Actor) {
    return inTransaction(this.database, (tx) => resumeInstallation(tx, actor));
  }
}
