import { Body, Controller, Delete, Get, Inject, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type RouteCreate,
  type RouteQuery,
  type RouteUpdate,
  route,
  routeCreate,
  routePage,
  routeQuery,
  routeUpdate,
} from '@waybill/contracts/routes.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import type { Actor } from '@waybill/domain/actor.js';
import { releaseRoute } from '@waybill/domain/routes/hold-route.js';
import { getRoute, listRoutes } from '@waybill/domain/routes/route-views.js';
import { createRoute, deleteRoute, updateRoute } from '@waybill/domain/routes/routes.js';
import { Can } from './http/can.js';
import { Id } from './http/contract.pipe.js';
import { CurrentActor } from './http/current-actor.js';
import { ApiIfMatch, SeenVersion } from './http/if-match.js';
import { Returns, ReturnsNothing } from './http/returns.js';
import { DATABASE } from './tokens.js';

@Controller('api/v1/routes')
export class RoutesController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get()
  @Can('route:read')
  @Returns(routePage)
  @ApiOperation({ summary: 'List routes, by name' })
  listRoutes(@Query({ schema: routeQuery }) query: RouteQuery) {
    return listRoutes(this.database, query);
  }

  @Post()
  @Can('route:write')
  @Returns(route, 201)
  @ApiOperation({ summary: 'Add a route' })
  createRoute(@CurrentActor() actor: Actor, @Body({ schema: routeCreate }) body: RouteCreate) {
    return inTransaction(this.database, (tx) => createRoute(tx, actor, body));
  }

  @Get(':id')
  @Can('route:read')
  @Returns(route)
  @ApiOperation({ summary: 'Read a route' })
  getRoute(@Id() id: string) {
    return getRoute(this.database, id);
  }

  @Patch(':id')
  @ApiIfMatch()
  @Can('route:write')
  @Returns(route)
  @ApiOperation({ summary: 'Change a route; transfers under way go on as they were asked for' })
  updateRoute(
    @CurrentActor() actor: Actor,
    @Id() id: string,
    @Body({ schema: routeUpdate }) change: RouteUpdate,
    @SeenVersion() version: string | undefined,
  ) {
    return inTransaction(this.database, (tx) => updateRoute(tx, actor, { id, change, version }));
  }

  @Delete(':id')
  @ApiIfMatch()
  @Can('route:write')
  @ReturnsNothing()
  @ApiOperation({ summary: 'Delete a route that has no transfers on record, with its schedules' })
  deleteRoute(@CurrentActor() actor: Actor, @Id() id: string, @SeenVersion() version: string | undefined) {
    return inTransaction(this.database, (tx) => deleteRoute(tx, actor, { id, version }));
  }

  @Post(':id/release')
  @Can('route:write')
  @Returns(route)
  @ApiOperation({ summary: 'Release a route that is on hold' })
  releaseRoute(@CurrentActor() actor: Actor, @Id() id: string) {
    return inTransaction(this.database, (tx) => releaseRoute(tx, actor, { id }));
  }
}
