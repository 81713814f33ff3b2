import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import { type LiveQuery, liveEvent, liveQuery } from '@waybill/contracts/live.js';
import type { Database } from '@waybill/db/client.js';
import { standsActor } from '@waybill/domain/access/stands-actor.js';
import type { Actor } from '@waybill/domain/actor.js';
import { Problem } from '@waybill/domain/problem.js';
import type { Response } from 'express';
import { CanInBackground } from './http/can.js';
import { CurrentActor } from './http/current-actor.js';
import type { Live } from './live/live.js';
import { streamLive } from './live/stream.js';
import { DATABASE, LIVE } from './tokens.js';

const MAX_STREAMS_PER_ACTOR = 20;
const MAX_STREAMS = 1000;

@Controller('api/v1/live')
export class LiveController {
  private readonly open = new Map<string, number>();

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(LIVE) private readonly live: Live,
  ) {}

  @Get()
  @CanInBackground('transfer:read')
  @ApiProduces('text/event-stream')
  @ApiResponse({
    status: 200,
    standardSchema: liveEvent,
    description:
      'Server-sent events; the data of each is one LiveEvent. Ends when the session or the key ends.',
  })
  @ApiOperation({ summary: 'Follow transfers, endpoint tests and pauses as they happen' })
  followLive(
    @CurrentActor() actor: Actor,
    @Query({ schema: liveQuery }) query: LiveQuery,
    @Res() response: Response,
  ): void {
    // The router takes it for a GET; there is no body to wait for.
    if (response.req.method === 'HEAD') return void response.type('text/event-stream').end();
    const id = actor.id ?? '';
    const openOnes = this.open.get(id) ?? 0;
    if (openOnes >= MAX_STREAMS_PER_ACTOR || this.live.count() >= MAX_STREAMS)
      throw new Problem('too_many_requests', `Close another stream first; ${openOnes} of yours are open.`);
    this.open.set(id, openOnes + 1);
    streamLive(response, {
      live: this.live,
      query,
      actorId: id,
      mayGoOn: () => standsActor(this.database, actor),
      onEnd: () => {
        const left = (this.open.get(id) ?? 1) - 1;
        if (left > 0) this.open.set(id, left);
        else this.open.delete(id);
      },
    });
  }
}
