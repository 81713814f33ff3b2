import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { health, readiness } from '@waybill/contracts/health.js';
import type { Database } from '@waybill/db/client.js';
import { pendingMigrations } from '@waybill/db/migrate.js';
import { readWorkers } from '@waybill/domain/overview/read-workers.js';
import { Problem } from '@waybill/domain/problem.js';
import type { Jobs } from '@waybill/jobs/jobs.js';
import type { Config } from './config.js';
import { Open } from './http/can.js';
import { Returns } from './http/returns.js';
import { CONFIG, DATABASE, JOBS } from './tokens.js';

const CHECK_TIMEOUT_MS = 5_000;

@Controller()
export class HealthController {
  private areMigrationsCurrent = false;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(JOBS) private readonly jobs: Jobs,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('healthz')
  @Open()
  @Returns(health)
  @ApiOperation({ summary: 'The process answers' })
  getHealth() {
    return { status: 'ok' };
  }

  /** Says what is missing and not why: strangers may ask. The log and `waybill doctor` know more. */
  @Get('readyz')
  @Open()
  @Returns(readiness)
  @ApiOperation({ summary: 'Everything that is needed is there; otherwise 503 names what is missing' })
  async getReadiness() {
    const checks = {
      database: () => this.database.$queryRaw`SELECT 1`,
      queue: () => this.jobs.ping(),
      migrations: () => this.requireMigrations(),
      worker: () => this.requireWorker(),
    };
    const names = Object.keys(checks) as (keyof typeof checks)[];
    const results = await Promise.allSettled(names.map((name) => within(CHECK_TIMEOUT_MS, checks[name]())));
    const missing = names.filter((_, index) => results[index]?.status === 'rejected');
    if (missing.length > 0)
      throw new Problem('not_ready', `Not ready: ${missing.join(', ')}.`, {
        cause: new AggregateError(
          results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])),
        ),
        errors: missing.map((path) => ({ path, message: 'is not ready' })),
      });
    return { status: 'ready', checks: names };
  }

  /** Asked until the answer is yes: a schema does not go back under a process that runs. */
  private async requireMigrations(): Promise<void> {
    if (this.areMigrationsCurrent) return;
    const pending = await pendingMigrations(this.config.databaseUrl);
    if (pending.length > 0) throw new Error(`Migrations are missing: ${pending.join(', ')}`);
    this.areMigrationsCurrent = true;
  }

  private async requireWorker(): Promise<void> {
    const { alive } = await readWorkers(this.database);
    if (alive === 0) throw new Error('No worker is alive.');
  }
}

async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs} ms.`)), timeoutMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
