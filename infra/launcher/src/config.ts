/** The only reader of the environment in the launcher. */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { API_VARIABLES, requireMailSender, WORKER_VARIABLES } from '@waybill/configuration/app-variables.js';
import { ConfigFault, readConfiguration } from '@waybill/configuration/read-configuration.js';
import {
  type LocalRoot,
  httpUrl,
  localRoots,
  logLevel,
  postgresUrl,
  redisUrl,
} from '@waybill/configuration/variables.js';
import { z } from 'zod';

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
  /** Where none is configured, a folder of the data folder. */
  localRoots: LocalRoot[];
  /** Everything that was set, for the processes that are started. */
  environment: NodeJS.ProcessEnv;
}

/** A message for the person who starts Waybill; it is printed without a stack. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}

/** Prints what a person can mend, in words, and marks the end as a failure; a fault of ours is thrown on. */
export function reportLaunchError(error: unknown): void {
  const text = wordsOf(error as Refusal);
  if (text === null) throw error;
  console.error(`\n${text}\n`);
  process.exitCode = 1;
}

/** What the operating system, or Postgres by way of Prisma, does not do for us. */
interface Refusal extends NodeJS.ErrnoException {
  meta?: { driverAdapterError?: { cause?: { originalMessage?: string } } };
}

function wordsOf(error: Refusal): string | null {
  if (error instanceof LaunchError || error instanceof ConfigFault) return error.message;
  const refused = error.meta?.driverAdapterError?.cause?.originalMessage;
  if (refused) return `The database refused: ${refused}`;
  if (error.syscall === undefined) return null;
  const hint = error.code === 'ENOSPC' ? ' Make room on the disk of the data folder.' : '';
  return `The system refused: ${error.message}.${hint}`;
}

const port = z.coerce.number().int().min(1).max(65_535);

const variables = z
  .object({
    WAYBILL_DATA: z.string().optional(),
    WAYBILL_HOST: z.string().default('127.0.0.1'),
    WAYBILL_PORT: port.default(8470),
    WAYBILL_PUBLIC_URL: httpUrl.optional(),
    WAYBILL_PRACTICE_EXPLICIT_PORT: port.optional(),
    WAYBILL_PRACTICE_IMPLICIT_PORT: port.optional(),
    WAYBILL_LOCAL_ROOTS: localRoots.optional(),
    DATABASE_URL: postgresUrl.optional(),
    MIGRATION_DATABASE_URL: postgresUrl.optional(),
    WORKER_DATABASE_URL: postgresUrl.optional(),
    SEALER_DATABASE_URL: postgresUrl.optional(),
    REDIS_URL: redisUrl.optional(),
    LOG_LEVEL: logLevel,
    NODE_ENV: z.string().optional(),
    ...API_VARIABLES,
    ...WORKER_VARIABLES,
  })
  .superRefine(requireMailSender)
  .superRefine((found, context) => {
    const others = found.MIGRATION_DATABASE_URL ?? found.WORKER_DATABASE_URL ?? found.SEALER_DATABASE_URL;
    if (found.DATABASE_URL === undefined && others !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['DATABASE_URL'],
        message: 'is not set, but another database address is; set it too',
      });
    const ports = [
      'WAYBILL_PORT',
      'WAYBILL_PRACTICE_EXPLICIT_PORT',
      'WAYBILL_PRACTICE_IMPLICIT_PORT',
    ] as const;
    for (const [index, name] of ports.entries()) {
      const same = ports.slice(0, index).find((other) => found[other] === found[name]);
      if (found[name] === undefined || same === undefined) continue;
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `is ${found[name]}, as ${same} is; choose another`,
      });
    }
  });

/** @throws ConfigFault with every fault that was found */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): LauncherConfig {
  const found = readConfiguration(variables, environment);
  const dataFolder = resolve(found.WAYBILL_DATA ?? defaultDataFolder());
  // The list of local roots has commas between.
  if (dataFolder.includes(',') && found.WAYBILL_LOCAL_ROOTS === undefined)
    throw new ConfigFault([
      `WAYBILL_DATA: the data folder ${dataFolder} has a comma in its path; choose one without`,
    ]);
  return {
    dataFolder,
    host: found.WAYBILL_HOST,
    port: found.WAYBILL_PORT,
    publicUrl: found.WAYBILL_PUBLIC_URL ?? null,
    practicePorts: {
      explicit: found.WAYBILL_PRACTICE_EXPLICIT_PORT ?? null,
      implicit: found.WAYBILL_PRACTICE_IMPLICIT_PORT ?? null,
    },
    isProduction: found.NODE_ENV === 'production',
    databaseUrl: found.DATABASE_URL ?? null,
    ownerUrl: found.MIGRATION_DATABASE_URL ?? null,
    workerUrl: found.WORKER_DATABASE_URL ?? null,
    sealerUrl: found.SEALER_DATABASE_URL ?? null,
    redisUrl: found.REDIS_URL ?? null,
    localRoots: found.WAYBILL_LOCAL_ROOTS ?? [{ name: 'files', path: join(dataFolder, 'files') }],
    environment,
  };
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

/** Postgres does not run as root, and its own user may not be able to enter root's clone: hence another place. */
function defaultDataFolder(): string {
  if (process.getuid?.() !== 0) return join(REPOSITORY, 'data');
  const id = createHash('sha256').update(REPOSITORY).digest('hex').slice(0, 8);
  return join('/var/lib/waybill', id);
}
