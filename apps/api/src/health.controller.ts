import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { health, readiness } from '@waybill/contracts/health.js';
import type { Database } from '@waybill/db/client.js';
import { pendingMigrations } from '@waybill/db/migrate.js';
import { readWorkers } from '@waybill/domain/overview/read-workers.js';
import { Problem } from '@waybill/domain/problem.js';
import type { Jobs } from '@waybill/jobs/jobs.js';
import { within } from '@waybill/jobs/within.js';
import type { Config } from './config.js';
import { OpenToMonitors } from './http/can.js';
import { Returns } from './http/returns.js';
import { CONFIG, DATABASE, JOBS } from './tokens.js';

const CHECK_TIMEOUT_MS = 5_000;
/** How long an answer serves everybody who asks. A no is looked into again sooner: somebody waits for the yes. */
const REUSE_READY_MS = 1_000;
const REUSE_MISSING_MS = 100;

type Missing = { name: string; cause: unknown }[];

@Controller()
export class HealthController {
  private areMigrationsCurrent = false;
  /** The look that is under way, or the latest one for as long as it serves. */
  private look: Promise<Missing> | null = null;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(JOBS) private readonly jobs: Jobs,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('healthz')
  @OpenToMonitors()
  @Returns(health)
  @ApiOperation({ summary: 'The process answers' })
  getHealth() {
    return { status: 'ok' };
  }

  /** Says what is missing and not why: strangers may ask. The log and `waybill doctor` know more. */
  @Get('readyz')
  @OpenToMonitors()
  @Returns(readiness)
  @ApiOperation({ summary: 'Everything that is needed is there; otherwise 503 names what is missing' })
  async getReadiness() {
    this.look ??= this.lookAround();
    const missing = await this.look;
    if (missing.length > 0)
      throw new Problem('not_ready', `Not ready: ${missing.map(({ name }) => name).join(', ')}.`, {
        cause: new AggregateError(missing.map(({ cause }) => cause)),
        errors: missing.map(({ name }) => ({ path: name, message: 'is not ready' })),
      });
    return { status: 'ready', checks: Object.keys(this.checks) };
  }

  private readonly checks = {
    database: () => this.database.$queryRaw`SELECT 1`,
    queue: () => this.jobs.ping(),
    migrations: () => this.requireMigrations(),
    worker: () => this.requireWorker(),
  };

  private async lookAround(): Promise<Missing> {
    const looks = await Promise.allSettled(
      Object.entries(this.checks).map(([name, check]) => within(CHECK_TIMEOUT_MS, name, check())),
    );
    const missing = Object.keys(this.checks).flatMap((name, index) => {
      const look = looks[index];
      return look?.status === 'rejected' ? [{ name, cause: look.reason as unknown }] : [];
    });
    setTimeout(() => (this.look = null), missing.length === 0 ? REUSE_READY_MS : REUSE_MISSING_MS).unref();
    return missing;
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
