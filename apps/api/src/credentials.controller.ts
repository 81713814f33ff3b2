import { Body, Controller, Delete, Get, Inject, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type CredentialCreate,
  type CredentialQuery,
  type CredentialUpdate,
  credential,
  credentialCreate,
  credentialPage,
  credentialQuery,
  credentialUpdate,
} from '@waybill/contracts/credentials.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import type { Actor } from '@waybill/domain/actor.js';
import {
  createCredential,
  deleteCredential,
  getCredential,
  listCredentials,
  updateCredential,
} from '@waybill/domain/trust/credentials.js';
import type { Seal } from '@waybill/vault/seal.js';
import { Can } from './http/can.js';
import { Id } from './http/contract.pipe.js';
import { CurrentActor } from './http/current-actor.js';
import { Returns, ReturnsNothing } from './http/returns.js';
import { DATABASE, SEAL } from './tokens.js';

/** Passwords come in here and never go out: they are sealed with the public key, and only a worker opens them. */
@Controller('api/v1/credentials')
export class CredentialsController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(SEAL) private readonly seal: Seal,
  ) {}

  @Get()
  @Can('credential:read')
  @Returns(credentialPage)
  @ApiOperation({ summary: 'List credentials, by name' })
  listCredentials(@Query({ schema: credentialQuery }) query: CredentialQuery) {
    return listCredentials(this.database, query);
  }

  @Post()
  @Can('credential:write')
  @Returns(credential, 201)
  @ApiOperation({ summary: 'Add a credential, sealed for one server' })
  createCredential(@CurrentActor() actor: Actor, @Body({ schema: credentialCreate }) body: CredentialCreate) {
    return inTransaction(this.database, (tx) => createCredential(tx, actor, body, this.seal));
  }

  @Get(':id')
  @Can('credential:read')
  @Returns(credential)
  @ApiOperation({ summary: 'Read a credential; never its password' })
  getCredential(@Id() id: string) {
    return getCredential(this.database, id);
  }

  @Patch(':id')
  @Can('credential:write')
  @Returns(credential)
  @ApiOperation({ summary: 'Change a credential, or give it a new password' })
  updateCredential(
    @CurrentActor() actor: Actor,
    @Id() id: string,
    @Body({ schema: credentialUpdate }) change: CredentialUpdate,
  ) {
    return inTransaction(this.database, (tx) => updateCredential(tx, actor, { id, change }, this.seal));
  }

  @Delete(':id')
  @Can('credential:write')
  @ReturnsNothing()
  @ApiOperation({ summary: 'Delete a credential that no endpoint uses' })
  deleteCredential(@CurrentActor() actor: Actor, @Id() id: string) {
    return inTransaction(this.database, (tx) => deleteCredential(tx, actor, { id }));
  }
}
