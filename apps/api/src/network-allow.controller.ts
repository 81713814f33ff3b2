import { Body, Controller, Delete, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type NetworkAllowCreate,
  networkAllow,
  networkAllowCreate,
  networkAllowPage,
} from '@waybill/contracts/network.js';
import { type PageQuery, pageQuery } from '@waybill/contracts/paging.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import type { Actor } from '@waybill/domain/actor.js';
import {
  createNetworkAllow,
  deleteNetworkAllow,
  listNetworkAllows,
} from '@waybill/domain/network/network-allows.js';
import { Can } from './http/can.js';
import { Id } from './http/contract.pipe.js';
import { CurrentActor } from './http/current-actor.js';
import { Returns, ReturnsNothing } from './http/returns.js';
import { DATABASE } from './tokens.js';

@Controller('api/v1/network-allow')
export class NetworkAllowController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get()
  @Can('network:read')
  @Returns(networkAllowPage)
  @ApiOperation({ summary: 'List the private ranges that connections may reach' })
  listNetworkAllows(@Query({ schema: pageQuery }) query: PageQuery) {
    return listNetworkAllows(this.database, query);
  }

  @Post()
  @Can('network:write')
  @Returns(networkAllow, 201)
  @ApiOperation({ summary: 'Permit a private range' })
  createNetworkAllow(
    @CurrentActor() actor: Actor,
    @Body({ schema: networkAllowCreate }) body: NetworkAllowCreate,
  ) {
    return inTransaction(this.database, (tx) => createNetworkAllow(tx, actor, body));
  }

  @Delete(':id')
  @Can('network:write')
  @ReturnsNothing()
  @ApiOperation({ summary: 'Permit a range no longer' })
  deleteNetworkAllow(@CurrentActor() actor: Actor, @Id() id: string) {
    return inTransaction(this.database, (tx) => deleteNetworkAllow(tx, actor, { id }));
  }
}
