/** How every process reads its environment: by a schema, with all faults told at once, and secrets from files. */
import { readFileSync } from 'node:fs';
import { fieldMessage } from '@waybill/contracts/field-message.js';
import type { z } from 'zod';

/** Each may be given as `NAME_FILE`, the path of a file that holds the value. */
export const SECRETS = [
  'DATABASE_URL',
  'MIGRATION_DATABASE_URL',
  'WORKER_DATABASE_URL',
  'SEALER_DATABASE_URL',
  'REDIS_URL',
  'SMTP_URL',
  'WAYBILL_VAULT_PUBLIC_KEY',
  'WAYBILL_VAULT_PRIVATE_KEY',
] as const;

export class ConfigFault extends Error {
  override readonly name = 'ConfigFault';
  /** With which a process ends (EX_CONFIG of sysexits.h): whoever watches it knows that a new start is in vain. */
  static readonly EXIT_CODE = 78;
  /** @param faults one line each, beginning with the name of the variable; none shows a secret */
  constructor(readonly faults: string[]) {
    super(`The configuration has faults:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/**
 * The variables that the schema names, as it reads them.
 * @throws ConfigFault with every fault that was found
 */
export function readConfiguration<Schema extends z.ZodObject>(
  schema: Schema,
  env: NodeJS.ProcessEnv,
): z.infer<Schema> {
  const faults: string[] = [];
  // An empty variable is one that is not set: that is how compose files and unit files leave one out.
  const values = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  for (const name of SECRETS.filter((secret) => secret in schema.shape)) {
    const path = values[`${name}_FILE`];
    if (path === undefined) continue;
    if (values[name] !== undefined) faults.push(`${name} and ${name}_FILE are both set; leave one out`);
    try {
      values[name] = readFileSync(path, 'utf8').trim();
    } catch (error) {
      faults.push(`${name}_FILE: ${(error as Error).message}`);
    }
  }
  // Node heeds it in every connection of the process, those to the database, the queue and the mail server too.
  if ((values['NODE_TLS_REJECT_UNAUTHORIZED'] ?? '1') !== '1')
    faults.push(
      'NODE_TLS_REJECT_UNAUTHORIZED: switches the check of certificates off; unset it. A CA of your own is ' +
        'trusted by NODE_EXTRA_CA_CERTS, that of a partner by its endpoint',
    );
  const parsed = schema.safeParse(values, { error: fieldMessage });
  for (const issue of parsed.error?.issues ?? []) {
    const name = issue.path.join('.');
    const missing = values[name] === undefined && issue.code === 'invalid_type';
    // A file that cannot be read has been told.
    if (missing && values[`${name}_FILE`] !== undefined) continue;
    faults.push(`${name}: ${missing ? 'is not set' : issue.message}`);
  }
  if (!parsed.success || faults.length > 0) throw new ConfigFault([...new Set(faults)]);
  return parsed.data;
}
