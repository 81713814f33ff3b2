import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import type { Database } from '@waybill/db/client.js';
import type { Jobs } from '@waybill/jobs/jobs.js';
import type { Response } from 'express';
import { Can } from './http/can.js';
import { type Metrics, makeMetrics } from './metrics.js';
import { DATABASE, JOBS } from './tokens.js';

@Controller('metrics')
export class MetricsController {
  private metrics: Metrics | undefined;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(JOBS) private readonly jobs: Jobs,
  ) {}

  @Get()
  @Can('metrics:read')
  @ApiProduces('text/plain')
  @ApiResponse({ status: 200, description: 'Prometheus text format.', schema: { type: 'string' } })
  @ApiOperation({ summary: 'Measures for Prometheus; scrape with an API key' })
  async getMetrics(@Res() response: Response): Promise<void> {
    // Made at the first scrape: the process measures of prom-client start timers.
    this.metrics ??= makeMetrics(this.database, this.jobs);
    const text = await this.metrics.render();
    response.setHeader('Content-Type', this.metrics.contentType);
    response.send(text);
  }
}
