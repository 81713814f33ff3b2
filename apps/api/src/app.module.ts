/** Everything that the API serves: the list of controllers, the values that they may ask for, the one pipeline. */
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { AccessController } from './access.controller.js';
import { ApiKeysController } from './api-keys.controller.js';
import { AuditEventsController } from './audit-events.controller.js';
import { CertificatesController } from './certificates.controller.js';
import { CredentialsController } from './credentials.controller.js';
import { DocsController } from './docs.controller.js';
import { EndpointsController } from './endpoints.controller.js';
import { ExceptionsController } from './exceptions.controller.js';
import { HealthController } from './health.controller.js';
import { ActorGuard } from './http/actor.guard.js';
import { ContractPipe } from './http/contract.pipe.js';
import { ProblemFilter } from './http/problem.filter.js';
import { makeRateLimits } from './http/rate-limits.js';
import { ReturnsInterceptor } from './http/returns.js';
import { LiveController } from './live.controller.js';
import { LocalRootsController } from './local-roots.controller.js';
import { MetricsController } from './metrics.controller.js';
import { NetworkAllowController } from './network-allow.controller.js';
import { OverviewController } from './overview.controller.js';
import { PartnersController } from './partners.controller.js';
import { RoutesController } from './routes.controller.js';
import { SchedulesController } from './schedules.controller.js';
import { TransfersController } from './transfers.controller.js';
import { UsersController } from './users.controller.js';
import { type ApiValues, CONFIG, DATABASE, DOCUMENT, JOBS, LIVE, LOG, RATE_LIMITS, SEAL } from './tokens.js';

export const CONTROLLERS = [
  AccessController,
  UsersController,
  ApiKeysController,
  PartnersController,
  EndpointsController,
  LocalRootsController,
  CredentialsController,
  CertificatesController,
  ExceptionsController,
  RoutesController,
  SchedulesController,
  TransfersController,
  NetworkAllowController,
  OverviewController,
  AuditEventsController,
  LiveController,
  HealthController,
  MetricsController,
  DocsController,
];

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
        { provide: DOCUMENT, useValue: { json: '' } },
        { provide: RATE_LIMITS, useFactory: makeRateLimits },
        { provide: APP_GUARD, useClass: ActorGuard },
        { provide: APP_PIPE, useClass: ContractPipe },
        { provide: APP_INTERCEPTOR, useClass: ReturnsInterceptor },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
