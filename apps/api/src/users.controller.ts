import { Body, Controller, Get, Inject, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type UserCreate,
  type UserPasswordReset,
  type UserQuery,
  type UserUpdate,
  user,
  userCreate,
  userPage,
  userPasswordReset,
  userQuery,
  userUpdate,
} from '@waybill/contracts/access.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import {
  createUser,
  getUser,
  listUsers,
  resetUserPassword,
  updateUser,
} from '@waybill/domain/access/users.js';
import type { Actor } from '@waybill/domain/actor.js';
import { Can } from './http/can.js';
import { Id } from './http/contract.pipe.js';
import { CurrentActor } from './http/current-actor.js';
import { Returns, ReturnsNothing } from './http/returns.js';
import { DATABASE } from './tokens.js';

@Controller('api/v1/users')
export class UsersController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get()
  @Can('user:read')
  @Returns(userPage)
  @ApiOperation({ summary: 'List users, by name' })
  listUsers(@Query({ schema: userQuery }) query: UserQuery) {
    return listUsers(this.database, query);
  }

  @Post()
  @Can('user:write')
  @Returns(user, 201)
  @ApiOperation({ summary: 'Add a user' })
  createUser(@CurrentActor() actor: Actor, @Body({ schema: userCreate }) body: UserCreate) {
    return inTransaction(this.database, (tx) => createUser(tx, actor, body));
  }

  @Get(':id')
  @Can('user:read')
  @Returns(user)
  @ApiOperation({ summary: 'Read a user' })
  getUser(@Id() id: string) {
    return getUser(this.database, id);
  }

  @Patch(':id')
  @Can('user:write')
  @Returns(user)
  @ApiOperation({ summary: 'Change name or role, disable or enable; who is disabled is signed out' })
  updateUser(
    @CurrentActor() actor: Actor,
    @Id() id: string,
    @Body({ schema: userUpdate }) change: UserUpdate,
  ) {
    return inTransaction(this.database, (tx) => updateUser(tx, actor, { id, change }));
  }

  @Post(':id/password')
  @Can('user:write')
  @ReturnsNothing()
  @ApiOperation({ summary: 'Reset a password; the account is unlocked and signed out' })
  resetUserPassword(
    @CurrentActor() actor: Actor,
    @Id() id: string,
    @Body({ schema: userPasswordReset }) { password }: UserPasswordReset,
  ) {
    return inTransaction(this.database, (tx) => resetUserPassword(tx, actor, { id, password }));
  }
}
