import { Body, Controller, Delete, Get, Inject, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type PartnerCreate,
  type PartnerQuery,
  type PartnerUpdate,
  partner,
  partnerCreate,
  partnerPage,
  partnerQuery,
  partnerUpdate,
} from '@waybill/contracts/partners.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import type { Actor } from '@waybill/domain/actor.js';
import {
  createPartner,
  deletePartner,
  getPartner,
  listPartners,
  updatePartner,
} from '@waybill/domain/partners/partners.js';
import { Can } from './http/can.js';
import { Id } from './http/contract.pipe.js';
import { CurrentActor } from './http/current-actor.js';
import { ApiIfMatch, SeenVersion } from './http/if-match.js';
import { Returns, ReturnsNothing } from './http/returns.js';
import { DATABASE } from './tokens.js';

/** The pattern of every controller: permission, contract, transaction, one call of a rule. */
@Controller('api/v1/partners')
export class PartnersController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get()
  @Can('partner:read')
  @Returns(partnerPage)
  @ApiOperation({ summary: 'List partners, by name' })
  listPartners(@Query({ schema: partnerQuery }) query: PartnerQuery) {
    return listPartners(this.database, query);
  }

  @Post()
  @Can('partner:write')
  @Returns(partner, 201)
  @ApiOperation({ summary: 'Add a partner' })
  createPartner(@CurrentActor() actor: Actor, @Body({ schema: partnerCreate }) body: PartnerCreate) {
    return inTransaction(this.database, (tx) => createPartner(tx, actor, body));
  }

  @Get(':id')
  @Can('partner:read')
  @Returns(partner)
  @ApiOperation({ summary: 'Read a partner' })
  getPartner(@Id() id: string) {
    return getPartner(this.database, id);
  }

  @Patch(':id')
  @ApiIfMatch()
  @Can('partner:write')
  @Returns(partner)
  @ApiOperation({ summary: 'Change a partner' })
  updatePartner(
    @CurrentActor() actor: Actor,
    @Id() id: string,
    @Body({ schema: partnerUpdate }) change: PartnerUpdate,
    @SeenVersion() version: string | undefined,
  ) {
    return inTransaction(this.database, (tx) => updatePartner(tx, actor, { id, change, version }));
  }

  @Delete(':id')
  @ApiIfMatch()
  @Can('partner:write')
  @ReturnsNothing()
  @ApiOperation({ summary: 'Delete a partner that has nothing left' })
  deletePartner(@CurrentActor() actor: Actor, @Id() id: string, @SeenVersion() version: string | undefined) {
    return inTransaction(this.database, (tx) => deletePartner(tx, actor, { id, version }));
  }
}
