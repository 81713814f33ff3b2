import { Body, Controller, Delete, Get, Inject, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type ScheduleCreate,
  type SchedulePreviewQuery,
  type ScheduleQuery,
  type ScheduleUpdate,
  schedule,
  scheduleCreate,
  schedulePage,
  schedulePreview,
  schedulePreviewQuery,
  scheduleQuery,
  scheduleUpdate,
} from '@waybill/contracts/schedules.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import type { Actor } from '@waybill/domain/actor.js';
import {
  createSchedule,
  deleteSchedule,
  getSchedule,
  listSchedules,
  previewSchedule,
  updateSchedule,
} from '@waybill/domain/schedules/schedules.js';
import { Can } from './http/can.js';
import { Id } from './http/contract.pipe.js';
import { CurrentActor } from './http/current-actor.js';
import { ApiIfMatch, SeenVersion } from './http/if-match.js';
import { Returns, ReturnsNothing } from './http/returns.js';
import { DATABASE } from './tokens.js';

@Controller('api/v1/schedules')
export class SchedulesController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get()
  @Can('schedule:read')
  @Returns(schedulePage)
  @ApiOperation({ summary: 'List schedules, by name' })
  listSchedules(@Query({ schema: scheduleQuery }) query: ScheduleQuery) {
    return listSchedules(this.database, query);
  }

  @Post()
  @Can('schedule:write')
  @Returns(schedule, 201)
  @ApiOperation({ summary: 'Add a schedule to a route' })
  createSchedule(@CurrentActor() actor: Actor, @Body({ schema: scheduleCreate }) body: ScheduleCreate) {
    return inTransaction(this.database, (tx) => createSchedule(tx, actor, body));
  }

  // Before `:id`, which would take the word for an id.
  @Get('preview')
  @Can('schedule:read')
  @Returns(schedulePreview)
  @ApiOperation({ summary: 'Show the runs that a schedule would have, before it is saved' })
  previewSchedule(@Query({ schema: schedulePreviewQuery }) query: SchedulePreviewQuery) {
    return previewSchedule(query, new Date());
  }

  @Get(':id')
  @Can('schedule:read')
  @Returns(schedule)
  @ApiOperation({ summary: 'Read a schedule' })
  getSchedule(@Id() id: string) {
    return getSchedule(this.database, id);
  }

  @Patch(':id')
  @ApiIfMatch()
  @Can('schedule:write')
  @Returns(schedule)
  @ApiOperation({
    summary: 'Change a schedule; another cron or zone, or enabling it, plans its next run anew',
  })
  updateSchedule(
    @CurrentActor() actor: Actor,
    @Id() id: string,
    @Body({ schema: scheduleUpdate }) change: ScheduleUpdate,
    @SeenVersion() version: string | undefined,
  ) {
    return inTransaction(this.database, (tx) => updateSchedule(tx, actor, { id, change, version }));
  }

  @Delete(':id')
  @ApiIfMatch()
  @Can('schedule:write')
  @ReturnsNothing()
  @ApiOperation({ summary: 'Delete a schedule; transfers that it has started stay on record' })
  deleteSchedule(@CurrentActor() actor: Actor, @Id() id: string, @SeenVersion() version: string | undefined) {
    return inTransaction(this.database, (tx) => deleteSchedule(tx, actor, { id, version }));
  }
}
