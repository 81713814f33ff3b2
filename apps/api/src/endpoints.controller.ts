import { Body, Controller, Delete, Get, Inject, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type EndpointCreate,
  type EndpointQuery,
  type EndpointUpdate,
  endpoint,
  endpointCreate,
  endpointPage,
  endpointQuery,
  endpointTest,
  endpointTestPage,
  endpointTestQuery,
  endpointUpdate,
} from '@waybill/contracts/endpoints.js';
import type { PageQuery } from '@waybill/contracts/paging.js';
import type { Database } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import type { Actor } from '@waybill/domain/actor.js';
import {
  getEndpointTest,
  listEndpointTests,
  requestEndpointTest,
} from '@waybill/domain/endpoints/endpoint-tests.js';
import { getEndpoint, listEndpoints } from '@waybill/domain/endpoints/endpoint-views.js';
import {
  type EndpointMeans,
  createEndpoint,
  deleteEndpoint,
  updateEndpoint,
} from '@waybill/domain/endpoints/endpoints.js';
import { releaseEndpoint } from '@waybill/domain/endpoints/hold-endpoint.js';
import type { Jobs } from '@waybill/jobs/jobs.js';
import type { Seal } from '@waybill/vault/seal.js';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { Can } from './http/can.js';
import { Id } from './http/contract.pipe.js';
import { CurrentActor } from './http/current-actor.js';
import { ApiIfMatch, SeenVersion } from './http/if-match.js';
import { Returns, ReturnsNothing } from './http/returns.js';
import { CONFIG, DATABASE, JOBS, LOG, SEAL } from './tokens.js';

@Controller('api/v1')
export class EndpointsController {
  private readonly means: EndpointMeans;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(JOBS) private readonly jobs: Jobs,
    @Inject(LOG) private readonly log: Logger,
    @Inject(SEAL) seal: Seal,
    @Inject(CONFIG) config: Config | null,
  ) {
    // Without a configuration only the document is rendered.
    this.means = { seal, localRoots: (config?.localRoots ?? []).map((root) => root.name) };
  }

  @Get('endpoints')
  @Can('endpoint:read')
  @Returns(endpointPage)
  @ApiOperation({ summary: 'List endpoints, by name' })
  listEndpoints(@Query({ schema: endpointQuery }) query: EndpointQuery) {
    return listEndpoints(this.database, query);
  }

  @Post('endpoints')
  @Can('endpoint:write')
  @Returns(endpoint, 201)
  @ApiOperation({ summary: 'Add an endpoint' })
  createEndpoint(@CurrentActor() actor: Actor, @Body({ schema: endpointCreate }) body: EndpointCreate) {
    return inTransaction(this.database, (tx) => createEndpoint(tx, actor, body, this.means));
  }

  @Get('endpoints/:id')
  @Can('endpoint:read')
  @Returns(endpoint)
  @ApiOperation({ summary: 'Read an endpoint' })
  getEndpoint(@Id() id: string) {
    return getEndpoint(this.database, id);
  }

  @Patch('endpoints/:id')
  @ApiIfMatch()
  @Can('endpoint:write')
  @Returns(endpoint)
  @ApiOperation({ summary: 'Change an endpoint; another host or trust needs the password again' })
  updateEndpoint(
    @CurrentActor() actor: Actor,
    @Id() id: string,
    @Body({ schema: endpointUpdate }) change: EndpointUpdate,
    @SeenVersion() version: string | undefined,
  ) {
    return inTransaction(this.database, (tx) =>
      updateEndpoint(tx, actor, { id, change, version }, this.means),
    );
  }

  @Delete('endpoints/:id')
  @ApiIfMatch()
  @Can('endpoint:write')
  @ReturnsNothing()
  @ApiOperation({ summary: 'Delete an endpoint that no route uses' })
  deleteEndpoint(@CurrentActor() actor: Actor, @Id() id: string, @SeenVersion() version: string | undefined) {
    return inTransaction(this.database, (tx) => deleteEndpoint(tx, actor, { id, version }));
  }

  @Post('endpoints/:id/release')
  @Can('endpoint:write')
  @Returns(endpoint)
  @ApiOperation({ summary: 'Release an endpoint that is on hold' })
  releaseEndpoint(@CurrentActor() actor: Actor, @Id() id: string) {
    return inTransaction(this.database, (tx) => releaseEndpoint(tx, actor, { id }));
  }

  @Post('endpoints/:id/test')
  @Can('endpoint:test')
  @Returns(endpointTest, 202)
  @ApiOperation({ summary: 'Ask a worker to try the connection; read the answer at /endpoint-tests/:id' })
  async testEndpoint(@CurrentActor() actor: Actor, @Id() id: string) {
    const { test, isNew } = await inTransaction(this.database, (tx) =>
      requestEndpointTest(tx, actor, { endpointId: id }),
    );
    // The row is what counts: a ring that is lost is rung again by the sweeper.
    if (isNew)
      await this.jobs.ring('endpoint-test', test.id).catch((err: unknown) => {
        this.log.warn({ err, endpointTestId: test.id }, 'ring failed');
      });
    return test;
  }

  @Get('endpoints/:id/tests')
  @Can('endpoint:read')
  @Returns(endpointTestPage)
  @ApiOperation({ summary: 'List the latest connection tests of an endpoint, newest first' })
  listEndpointTests(@Id() id: string, @Query({ schema: endpointTestQuery }) query: PageQuery) {
    return listEndpointTests(this.database, { ...query, endpointId: id });
  }

  @Get('endpoint-tests/:id')
  @Can('endpoint:read')
  @Returns(endpointTest)
  @ApiOperation({ summary: 'Read a connection test, also while it runs' })
  getEndpointTest(@Id() id: string) {
    return getEndpointTest(this.database, id);
  }
}
