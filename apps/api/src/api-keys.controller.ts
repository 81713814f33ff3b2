import { Body, Controller, Get, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type ApiKeyCreate,
  apiKey,
  apiKeyCreate,
  apiKeyCreated,
  apiKeyPage,
  apiKeyQuery,
} from '@waybill/contracts/access.js';
import type { PageQuery } from '@waybill/contracts/paging.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { createApiKey, listApiKeys, revokeApiKey } from '@waybill/domain/access/api-keys.js';
import type { Actor } from '@waybill/domain/actor.js';
import { Can } from './http/can.js';
import { Id } from './http/contract.pipe.js';
import { CurrentActor } from './http/current-actor.js';
import { Returns } from './http/returns.js';
import { DATABASE } from './tokens.js';

@Controller('api/v1/api-keys')
export class ApiKeysController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get()
  @Can('api-key:read')
  @Returns(apiKeyPage)
  @ApiOperation({ summary: 'List API keys, newest first' })
  listApiKeys(@Query({ schema: apiKeyQuery }) query: PageQuery) {
    return listApiKeys(this.database, query);
  }

  @Post()
  @Can('api-key:write')
  @Returns(apiKeyCreated, 201)
  @ApiOperation({ summary: 'Make an API key; the answer shows it this once' })
  createApiKey(@CurrentActor() actor: Actor, @Body({ schema: apiKeyCreate }) body: ApiKeyCreate) {
    return inTransaction(this.database, (tx) => createApiKey(tx, actor, body));
  }

  @Post(':id/revoke')
  @Can('api-key:write')
  @Returns(apiKey)
  @ApiOperation({ summary: 'End an API key for good' })
  revokeApiKey(@CurrentActor() actor: Actor, @Id() id: string) {
    return inTransaction(this.database, (tx) => revokeApiKey(tx, actor, { id }));
  }
}
