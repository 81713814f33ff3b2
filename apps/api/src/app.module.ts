/** Everything that the API serves: the list of controllers, the values that they may ask for, the one pipeline. */
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { ActorGuard } from './http/actor.guard.js';
import { ContractPipe } from './http/contract.pipe.js';
import { ProblemFilter } from './http/problem.filter.js';
import { makeRateLimits } from './http/rate-limits.js';
import { ReturnsInterceptor } from './http/returns.js';
import { PartnersController } from './partners.controller.js';
import { type ApiValues, CONFIG, DATABASE, JOBS, LIVE, LOG, RATE_LIMITS, SEAL } from './tokens.js';

export const CONTROLLERS = [PartnersController];

@Module({})
export class AppModule {
  /** @param values left out only to render the document, which asks for none of them */
  static with(values: Partial<ApiValues>): DynamicModule {
    return {
      module: AppModule,
      controllers: CONTROLLERS,
      providers: [
        { provide: DATABASE, useValue: values.database ?? null },
        { provide: JOBS, useValue: values.jobs ?? null },
        { provide: CONFIG, useValue: values.config ?? null },
        { provide: SEAL, useValue: values.seal ?? null },
        { provide: LIVE, useValue: values.live ?? null },
        { provide: LOG, useValue: values.log ?? null },
        { provide: RATE_LIMITS, useFactory: makeRateLimits },
        { provide: APP_GUARD, useClass: ActorGuard },
        { provide: APP_PIPE, useClass: ContractPipe },
        { provide: APP_INTERCEPTOR, useClass: ReturnsInterceptor },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
