/**
 * The one door: finds out who calls, by API key or by session cookie, and whether they may. What has no decorator of
 * can.ts is denied to everybody.
 */
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { type KeyAnswer, findKeyActor } from '@waybill/domain/access/api-keys.js';
import { recordDenial } from '@waybill/domain/access/record-denial.js';
import { findSessionActor } from '@waybill/domain/access/sessions.js';
import { type Actor, anonymousActor } from '@waybill/domain/actor.js';
import { Problem } from '@waybill/domain/problem.js';
import type { Response } from 'express';
import type { Config } from '../config.js';
import { CONFIG, DATABASE, RATE_LIMITS } from '../tokens.js';
import type { ApiRequest } from './api-request.js';
import { callerAddress } from './caller-address.js';
import { ACCESS, type Access } from './can.js';
import type { RateLimits } from './rate-limits.js';
import { refuseOtherOrigins } from './same-origin.js';
import { readSessionCookie } from './session-cookie.js';
import { TokenLimits } from './token-limits.js';

@Injectable()
export class ActorGuard implements CanActivate {
  private readonly tokens: TokenLimits;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(RATE_LIMITS) private readonly limits: RateLimits,
  ) {
    this.tokens = new TokenLimits(limits);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<ApiRequest>();
    const response = context.switchToHttp().getResponse<Response>();
    const access = Reflect.getMetadata(ACCESS, context.getHandler()) as Access | undefined;
    if (access?.kind === 'open' && !access.isLimited) return true;

    // What a page asks by itself, to stay fresh, does not count as a person at work.
    const isBackground =
      (access?.kind === 'can' && access.isBackground) || request.get('x-background') !== undefined;
    const actor = await this.findActor(request, response, !isBackground);
    request.actor = actor ?? anonymousActor(callerAddress(request), request.requestId);

    if (access?.kind === 'open') return true;
    if (actor === null) throw new Problem('not_signed_in');
    if (access?.kind === 'signed_in') return true;
    if (access?.kind === 'can' && actor.permissions.has(access.permission)) return true;
    await this.deny(actor, access?.kind === 'can' ? access.permission : 'none', operationOf(request));
    throw new Problem(
      'forbidden',
      access?.kind === 'can' ? `It needs the permission ${access.permission}.` : undefined,
    );
  }

  /**
   * Pays the limits first: a known caller's own, or those of strangers by their address.
   * @throws Problem for a key that is not valid, a cookie that another site sends along, and too many requests
   */
  private async findActor(
    request: ApiRequest,
    response: Response,
    isActivity: boolean,
  ): Promise<Actor | null> {
    const authorization = request.get('authorization');
    const from = { originIp: callerAddress(request), requestId: request.requestId };
    const caller = { address: from.originIp ?? '', response };
    if (authorization !== undefined) {
      refuseOtherOrigins(request, false, this.config.publicUrl);
      const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
      if (token === undefined) await this.limits.stranger(caller.address, response);
      const answer = token === undefined ? null : await this.findKey({ ...caller, token }, from);
      if (answer?.kind === 'valid') return answer.actor;
      if (answer?.kind !== 'ended')
        throw new Problem(
          'not_signed_in',
          'The API key is not one of ours. Send it as "Authorization: Bearer wbk_…".',
        );
      await this.deny(answer.actor, 'none', `${operationOf(request)} with a key that is ${answer.reason}`);
      throw new Problem('not_signed_in', `The API key is ${answer.reason}.`);
    }
    const token = readSessionCookie(request, this.config.isSecure);
    refuseOtherOrigins(request, token !== null, this.config.publicUrl);
    if (token === null) {
      await this.limits.stranger(caller.address, response);
      return null;
    }
    const session = await this.tokens.look({
      ...caller,
      token,
      find: () => findSessionActor(this.database, token, { ...from, isActivity }),
      actorOf: (found) => found?.actor ?? null,
    });
    if (session === null) return null;
    request.sessionEndsAt = session.expiresAt;
    return session.actor;
  }

  private findKey(
    caller: { token: string; address: string; response: Response },
    from: { originIp: string | null; requestId: string },
  ): Promise<KeyAnswer> {
    return this.tokens.look({
      ...caller,
      find: () => findKeyActor(this.database, caller.token, from),
      actorOf: (found) => (found.kind === 'valid' ? found.actor : null),
    });
  }

  private async deny(actor: Actor, permission: string, operation: string): Promise<void> {
    await inTransaction(this.database, (tx) => recordDenial(tx, actor, { permission, operation }));
  }
}

/** As in `GET /api/v1/partners/:id`: of these there are few, whatever ids somebody asks for. */
function operationOf(request: ApiRequest): string {
  return `${request.method} ${String((request.route as { path: unknown }).path)}`;
}
