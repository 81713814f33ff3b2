import { type ExecutionContext, createParamDecorator } from '@nestjs/common';
import type { Actor } from '@waybill/domain/actor.js';
import type { ApiRequest } from './api-request.js';

/** Who calls, as the guard found out: `@CurrentActor() actor: Actor`. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<ApiRequest>();
  if (actor === undefined) throw new Error('The operation was reached without the guard.');
  return actor;
});
