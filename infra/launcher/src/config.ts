/** The only reader of the environment in the launcher. All faults are told at once. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder of the clone; the path is the same from src/ and from dist/. */
export const REPOSITORY = join(import.meta.dirname, '../../..');

export interface LauncherConfig {
  /** Absolute path; made at the first start. */
  dataFolder: string;
  host: string;
  port: number;
  /** What people type, behind a proxy; null: host and port. */
  publicUrl: string | null;
  /** Ports that the practice partner asks for; null: the usual ones, or the next that are free. */
  practicePorts: { explicit: number | null; implicit: number | null };
  isProduction: boolean;
  /** Databases of one's own; without them Waybill starts a Postgres. */
  databaseUrl: string | null;
  ownerUrl: string | null;
  workerUrl: string | null;
  sealerUrl: string | null;
  redisUrl: string | null;
  /** As in WAYBILL_LOCAL_ROOTS, "name=/absolute/path" with commas between; null: a folder of the data folder. */
  localRoots: string | null;
  /** Everything that was set, for the processes that are started. */
  environment: NodeJS.ProcessEnv;
}

/** As the API and the worker know them. */
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'];

/** A message for the person who starts Waybill; the launcher prints it without a stack. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}

/** @throws LaunchError that lists every fault */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): LauncherConfig {
  const faults: string[] = [];
  const text = (name: string): string | null => {
    const file = environment[`${name}_FILE`];
    if (environment[name]) return environment[name];
    if (!file) return null;
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (error) {
      faults.push(`${name}_FILE: ${(error as Error).message}`);
      return null;
    }
  };
  const url = (name: string, protocol: RegExp): string | null => {
    const value = text(name);
    if (value === null || (URL.canParse(value) && protocol.test(new URL(value).protocol))) return value;
    faults.push(`${name}: is not an address that begins with ${protocol.source.replace(/[\^$?]/g, '')}//`);
    return null;
  };
  const port = (name: string): number | null => {
    const value = text(name);
    if (value === null) return null;
    const number = Number(value);
    if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
    faults.push(`${name}: "${value}" is not a port between 1 and 65535`);
    return null;
  };

  const logLevel = text('LOG_LEVEL');
  if (logLevel !== null && !LOG_LEVELS.includes(logLevel))
    faults.push(`LOG_LEVEL: "${logLevel}" is none of ${LOG_LEVELS.join(', ')}`);

  const config: LauncherConfig = {
    dataFolder: resolve(text('WAYBILL_DATA') ?? defaultDataFolder()),
    host: text('WAYBILL_HOST') ?? '127.0.0.1',
    port: port('WAYBILL_PORT') ?? 8470,
    publicUrl: url('WAYBILL_PUBLIC_URL', /^https?:$/),
    practicePorts: {
      explicit: port('WAYBILL_PRACTICE_EXPLICIT_PORT'),
      implicit: port('WAYBILL_PRACTICE_IMPLICIT_PORT'),
    },
    isProduction: environment.NODE_ENV === 'production',
    databaseUrl: url('DATABASE_URL', /^postgres(ql)?:$/),
    ownerUrl: url('MIGRATION_DATABASE_URL', /^postgres(ql)?:$/),
    workerUrl: url('WORKER_DATABASE_URL', /^postgres(ql)?:$/),
    sealerUrl: url('SEALER_DATABASE_URL', /^postgres(ql)?:$/),
    redisUrl: url('REDIS_URL', /^rediss?:$/),
    localRoots: text('WAYBILL_LOCAL_ROOTS'),
    environment,
  };
  if (config.databaseUrl === null && (config.ownerUrl ?? config.workerUrl ?? config.sealerUrl) !== null) {
    faults.push('DATABASE_URL: is not set, but another database address is; set it too');
  }
  if (faults.length > 0) {
    throw new LaunchError(`The configuration has faults:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
  return config;
}

/** What the launcher tells the practice partner by environment; nobody else sets it. */
export interface PracticeConfig {
  folder: string;
  explicitPort: number;
  implicitPort: number;
}

/** Who signs in there. */
export const PRACTICE_USER = 'waybill';
/** Ports of its data connections: below those that systems give out by themselves. */
export const PRACTICE_PASSIVE_PORTS = { from: 21_210, to: 21_409 };

/** @throws LaunchError where a variable is missing */
export function readPracticeConfig(environment: NodeJS.ProcessEnv = process.env): PracticeConfig {
  const value = (name: string): string => {
    const text = environment[name];
    if (!text) throw new LaunchError(`${name} is not set.`);
    return text;
  };
  return {
    folder: value('WAYBILL_PRACTICE_FOLDER'),
    explicitPort: Number(value('WAYBILL_PRACTICE_EXPLICIT_PORT')),
    implicitPort: Number(value('WAYBILL_PRACTICE_IMPLICIT_PORT')),
  };
}

/** The local roots as the API and the worker read them: "name=/absolute/path", with commas between. */
export function parseLocalRoots(text: string): { name: string; path: string }[] {
  return text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair.includes('='))
    .map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), path: pair.slice(pair.indexOf('=') + 1) }));
}

/** Postgres does not run as root, and its own user may not be able to enter root's clone: hence another place. */
function defaultDataFolder(): string {
  if (process.getuid?.() !== 0) return join(REPOSITORY, 'data');
  const id = createHash('sha256').update(REPOSITORY).digest('hex').slice(0, 8);
  return join('/var/lib/waybill', id);
}
