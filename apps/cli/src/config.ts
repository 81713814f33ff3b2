/** The only reader of the environment in the command line. `npm run waybill` sets these from the data folder. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const url = (what: string) =>
  z.url({ protocol: /^(postgres|postgresql|redis|rediss)$/, error: `is not a URL of ${what}` });

const schema = z.object({
  DATABASE_URL: url('Postgres'),
  MIGRATION_DATABASE_URL: url('Postgres').optional(),
  WORKER_DATABASE_URL: url('Postgres').optional(),
  SEALER_DATABASE_URL: url('Postgres').optional(),
  REDIS_URL: url('Redis').optional(),
  WAYBILL_DATA: z.string().optional(),
  WAYBILL_LOCAL_ROOTS: z.string().default(''),
  WAYBILL_VAULT_PUBLIC_KEY: z.string().optional(),
  WAYBILL_VAULT_PRIVATE_KEY: z.string().optional(),
  WAYBILL_PUBLIC_URL: z.url().optional(),
  USER: z.string().default('unknown'),
});

export interface CliConfig {
  /** Role `app`. */
  databaseUrl: string;
  ownerUrl: string;
  workerUrl: string | null;
  sealerUrl: string | null;
  redisUrl: string | null;
  dataFolder: string | null;
  /** Name and path of each. */
  localRoots: { name: string; path: string }[];
  vaultPublicKey: string | null;
  vaultPrivateKey: string | null;
  publicUrl: string | null;
  userName: string;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** @param faults one sentence each, naming the variable */
  constructor(readonly faults: string[]) {
    super(`The configuration has faults:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/**
 * Reads the configuration; a variable may also be given as a file, by its name with `_FILE`.
 * @throws ConfigError that lists every fault at once
 */
export function readConfig(environment: Record<string, string | undefined> = process.env): CliConfig {
  const faults: string[] = [];
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const file = environment[`${name}_FILE`];
    if (environment[name]) values[name] = environment[name];
    else if (file) {
      try {
        values[name] = readFileSync(file, 'utf8').trim();
      } catch (error) {
        faults.push(`${name}_FILE: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
      }
    }
  }
  const parsed = schema.safeParse(values);
  if (!parsed.success)
    for (const issue of parsed.error.issues) {
      const variable = String(issue.path[0]);
      if (!faults.some((fault) => fault.startsWith(variable)))
        faults.push(`${variable}: ${values[variable] ? issue.message : 'is missing'}.`);
    }
  const localRoots = readLocalRoots(values['WAYBILL_LOCAL_ROOTS'] ?? '', faults);
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults);
  const found = parsed.data;
  return {
    databaseUrl: found.DATABASE_URL,
    ownerUrl: found.MIGRATION_DATABASE_URL ?? found.DATABASE_URL,
    workerUrl: found.WORKER_DATABASE_URL ?? null,
    sealerUrl: found.SEALER_DATABASE_URL ?? null,
    redisUrl: found.REDIS_URL ?? null,
    dataFolder: found.WAYBILL_DATA ?? null,
    localRoots,
    vaultPublicKey: found.WAYBILL_VAULT_PUBLIC_KEY ?? null,
    vaultPrivateKey: found.WAYBILL_VAULT_PRIVATE_KEY ?? null,
    publicUrl: found.WAYBILL_PUBLIC_URL ?? null,
    userName: found.USER,
  };
}

function readLocalRoots(text: string, faults: string[]) {
  return text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .flatMap((pair) => {
      const [name, path] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      if (pair.indexOf('=') > 0 && path.startsWith('/')) return [{ name, path }];
      faults.push(`WAYBILL_LOCAL_ROOTS: "${pair}" is not name=/absolute/path.`);
      return [];
    });
}
