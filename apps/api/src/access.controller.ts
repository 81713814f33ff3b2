import { Body, Controller, Delete, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type PasswordChange,
  type SetUp,
  type SignIn,
  me,
  passwordChange,
  setUp,
  setUpState,
  signIn as signInInput,
} from '@waybill/contracts/access.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { checkPassword } from '@waybill/domain/access/check-password.js';
import { changeOwnPassword, checkOwnPassword, getMe } from '@waybill/domain/access/me.js';
import { type OpenSession, findSessionActor, openSession } from '@waybill/domain/access/sessions.js';
import { isSetUpOpen, setUpInstallation } from '@waybill/domain/access/set-up.js';
import { signIn, signOut } from '@waybill/domain/access/sign-in.js';
import type { Actor } from '@waybill/domain/actor.js';
import { Problem } from '@waybill/domain/problem.js';
import type { Response } from 'express';
import type { Config } from './config.js';
import type { ApiRequest } from './http/api-request.js';
import { callerAddress } from './http/caller-address.js';
import { Open, SignedIn } from './http/can.js';
import { CurrentActor } from './http/current-actor.js';
import type { RateLimits } from './http/rate-limits.js';
import { Returns, ReturnsNothing } from './http/returns.js';
import { clearSessionCookie, setSessionCookie } from './http/session-cookie.js';
import { CONFIG, DATABASE, RATE_LIMITS } from './tokens.js';

/** How people come in and go out, and what concerns themselves. */
@Controller('api/v1')
export class AccessController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(RATE_LIMITS) private readonly limits: RateLimits,
  ) {}

  @Get('set-up')
  @Open()
  @Returns(setUpState)
  @ApiOperation({ summary: 'Tell whether the first administrator is still to be made' })
  async getSetUp() {
    if (!(await isSetUpOpen(this.database))) throw new Problem('not_found', 'Waybill has been set up.');
    return { open: true };
  }

  @Post('set-up')
  @Open()
  @Returns(me, 201)
  @ApiOperation({ summary: 'Make the first administrator, with the one-time token, and sign in' })
  async setUp(
    @CurrentActor() actor: Actor,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
    @Body({ schema: setUp }) body: SetUp,
  ) {
    await this.limits.signIn(actor.originIp ?? '', response);
    const session = await inTransaction(this.database, async (tx) => {
      const administrator = await setUpInstallation(tx, actor, body);
      if (administrator instanceof Problem) return administrator;
      return openSession(tx, {
        userId: administrator.id,
        originIp: actor.originIp,
        userAgent: userAgent(request),
      });
    });
    if (session instanceof Problem) throw session;
    return this.enter(session, request, response);
  }

  @Post('session')
  @Open()
  @Returns(me, 201)
  @ApiOperation({ summary: 'Sign in: e-mail and password for a session cookie' })
  async signIn(
    @CurrentActor() actor: Actor,
    @Req() request: ApiRequest,
    @Res({ passthrough: true }) response: Response,
    @Body({ schema: signInInput }) body: SignIn,
  ) {
    await this.limits.signIn(actor.originIp ?? '', response);
    const { email, password } = body;
    const check = await checkPassword(this.database, { email }, password);
    const session = await inTransaction(this.database, (tx) =>
      signIn(tx, actor, { email, check, userAgent: userAgent(request) }),
    );
    if (session === null)
      throw new Problem('sign_in_failed', 'After ten wrong tries an account is locked for 30 minutes.');
    await this.limits.signedIn(actor.originIp ?? '');
    return this.enter(session, request, response);
  }

  @Delete('session')
  @SignedIn()
  @ReturnsNothing()
  @ApiOperation({ summary: 'Sign out' })
  async signOut(@CurrentActor() actor: Actor, @Res({ passthrough: true }) response: Response) {
    await inTransaction(this.database, (tx) => signOut(tx, actor));
    clearSessionCookie(response, this.config.isSecure);
  }

  @Get('me')
  @SignedIn()
  @Returns(me)
  @ApiOperation({ summary: 'Who you are and what you may do' })
  getMe(@CurrentActor() actor: Actor) {
    return getMe(this.database, actor);
  }

  @Post('me/password')
  @SignedIn()
  @ReturnsNothing()
  @ApiOperation({ summary: 'Change your own password; your other sessions end' })
  async changeOwnPassword(
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) response: Response,
    @Body({ schema: passwordChange }) body: PasswordChange,
  ) {
    await this.limits.signIn(`me ${actor.id}`, response);
    const check = await checkOwnPassword(this.database, actor, body.currentPassword);
    const refusal = await inTransaction(this.database, (tx) =>
      changeOwnPassword(tx, actor, { ...body, check }),
    );
    if (refusal !== null) throw refusal;
    await this.limits.signedIn(`me ${actor.id}`);
  }

  private async enter(session: OpenSession, request: ApiRequest, response: Response) {
    setSessionCookie(response, session, this.config.isSecure);
    const originIp = callerAddress(request);
    const from = { originIp, requestId: request.requestId, isActivity: false };
    const entered = await findSessionActor(this.database, session.token, from);
    if (entered === null) throw new Problem('not_signed_in');
    return getMe(this.database, entered.actor);
  }
}

function userAgent(request: ApiRequest): string | null {
  return request.get('user-agent') ?? null;
}
