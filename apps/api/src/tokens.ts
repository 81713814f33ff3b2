/**
 * What controllers may ask for. Only values are injected; rules are plain functions that controllers import.
 *
 *     constructor(@Inject(DATABASE) private readonly database: Database) {}
 */
import type { Database } from '@waybill/db/client.js';
import type { Jobs } from '@waybill/jobs/jobs.js';
import type { Seal } from '@waybill/vault/seal.js';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import type { Live } from './live/live.js';

export const DATABASE = Symbol('DATABASE');
export const JOBS = Symbol('JOBS');
export const CONFIG = Symbol('CONFIG');
export const SEAL = Symbol('SEAL');
export const LIVE = Symbol('LIVE');
export const LOG = Symbol('LOG');
/** Made by the module itself (http/rate-limits.ts). */
export const RATE_LIMITS = Symbol('RATE_LIMITS');

/** The OpenAPI document as it is served; filled once the operations are known (create-api.ts). */
export const DOCUMENT = Symbol('DOCUMENT');

export interface ApiValues {
  database: Database;
  jobs: Jobs;
  config: Config;
  seal: Seal;
  live: Live;
  log: Logger;
}
