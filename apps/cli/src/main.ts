/** `npm run waybill -- <command>`: for the administrator of the machine. Talks to the database, not to the API. */
import { ConfigFault } from '@waybill/configuration/read-configuration.js';
import { apiKeyCreate, userCreate, userPassword } from '@waybill/contracts/access.js';
import { ROLES } from '@waybill/contracts/permissions.js';
import { email as emailContract } from '@waybill/contracts/text.js';
import { openDatabase } from '@waybill/db/client.js';
import { migrateDatabase } from '@waybill/db/migrate.js';
import { type Tx, inTransaction } from '@waybill/db/transaction.js';
import { createApiKey } from '@waybill/domain/access/api-keys.js';
import { issueSetupToken } from '@waybill/domain/access/set-up.js';
import { createUser, getUserByEmail, resetUserPassword } from '@waybill/domain/access/users.js';
import { type Actor, cliActor } from '@waybill/domain/actor.js';
import { Problem } from '@waybill/domain/problem.js';
import { prepareJobs } from '@waybill/jobs/connection.js';
import { Command, Option } from 'commander';
import type { z } from 'zod';
import { InputError, askPassword } from './ask-password.js';
import { type CliConfig, readConfig } from './config.js';
import { messageOf } from './doctor/finding.js';
import { formatFindings, runDoctor } from './doctor/run-doctor.js';

const DAY_MS = 86_400_000;

const program = new Command('waybill')
  .description(
    'Waybill, for the administrator of the machine. Passwords are asked for, or read from standard input.',
  )
  .showHelpAfterError();
const roleOption = new Option('--role <role>', 'what they may do').choices(ROLES).makeOptionMandatory();

const user = program.command('user').description('people who may sign in');
user
  .command('create')
  .description('add a person')
  .requiredOption('--email <email>', 'what they sign in with')
  .requiredOption('--name <name>', 'their name')
  .addOption(roleOption)
  .action(async (options: { email: string; name: string; role: string }) => {
    const input = checked(userCreate, { ...options, password: await askPassword() });
    const made = await withTransaction((tx, actor) => createUser(tx, actor, input));
    console.log(`${made.email} may sign in as ${made.role}.`);
  });
user
  .command('reset-password')
  .description('set a password anew, unlock the account and sign them out everywhere')
  .requiredOption('--email <email>', 'whose')
  .action(async (options: { email: string }) => {
    const email = checked(emailContract, options.email);
    const password = checked(userPassword, await askPassword());
    await withTransaction(async (tx, actor) => {
      const { id } = await getUserByEmail(tx, email);
      await resetUserPassword(tx, actor, { id, password });
    });
    console.log(`The password of ${email} is set, and all their sessions have ended.`);
  });

program
  .command('api-key')
  .description('keys for programs')
  .command('create')
  .description('make a key and print it, once')
  .requiredOption('--name <name>', 'what it is for')
  .addOption(roleOption)
  .option('--expires-in-days <days>', 'when it ends; never unless told')
  .action(async (options: { name: string; role: string; expiresInDays?: string }) => {
    const input = checked(apiKeyCreate, {
      name: options.name,
      role: options.role,
      expiresAt: options.expiresInDays === undefined ? null : daysFromNow(options.expiresInDays),
    });
    const made = await withTransaction((tx, actor) => createApiKey(tx, actor, input));
    console.error(`The key of ${made.name} (${made.role}). It is shown this once:`);
    console.log(made.key);
  });

program
  .command('setup-link')
  .description('a fresh one-time link for the first administrator')
  .action(async () => {
    const config = readConfig();
    const issued = await withTransaction((tx) => issueSetupToken(tx));
    if (issued === null)
      throw new InputError('There is an administrator already; ask them to add you as a user.');
    console.log(`${config.publicUrl ?? ''}/set-up#token=${issued.token}`);
  });

program
  .command('migrate')
  .description('bring the database to this version, and apply the grants again')
  .action(async () => {
    const config = readConfig();
    const roles = rolesOf(config);
    const applied = await migrateDatabase({ ownerUrl: config.ownerUrl, roles: roles ?? undefined });
    await prepareJobs(config.ownerUrl, roles ? [roles.app, roles.worker] : []);
    console.log(applied.length === 0 ? 'The database is current.' : `Applied: ${applied.join(', ')}.`);
    if (roles === null) console.log('All runs as one database role: grants were not applied.');
  });

program
  .command('doctor')
  .description('look at everything that Waybill rests on, and say what to mend')
  .action(async () => {
    const findings = await runDoctor(readConfig());
    console.log(formatFindings(findings));
    const failed = findings.filter((finding) => finding.status === 'fail').length;
    const warned = findings.filter((finding) => finding.status === 'warn').length;
    console.log(`\n${findings.length} checks, ${failed} failed, ${warned} with a warning.`);
    if (failed > 0) process.exitCode = 1;
  });

try {
  await program.parseAsync();
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}

async function withTransaction<Result>(work: (tx: Tx, actor: Actor) => Promise<Result>): Promise<Result> {
  const config = readConfig();
  const database = openDatabase(config.databaseUrl, { poolSize: 1, applicationName: 'waybill command line' });
  try {
    return await inTransaction(database, (tx) => work(tx, cliActor(config.userName)));
  } finally {
    await database.$disconnect();
  }
}

/** The names of the roles that run, where they are apart from the owner. */
function rolesOf(config: CliConfig) {
  if (config.workerUrl === null || config.sealerUrl === null) return null;
  const nameOf = (url: string): string => decodeURIComponent(new URL(url).username);
  const roles = {
    app: nameOf(config.databaseUrl),
    worker: nameOf(config.workerUrl),
    sealer: nameOf(config.sealerUrl),
  };
  return Object.values(roles).includes(nameOf(config.ownerUrl)) ? null : roles;
}

function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('\n'),
  );
}

function daysFromNow(text: string): string {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 3650)
    throw new InputError(`--expires-in-days: "${text}" is not a whole number from 1 to 3650.`);
  return new Date(Date.now() + days * DAY_MS).toISOString();
}

/** What we mean is told in its own words; a fault of ours keeps its stack. */
function explain(error: unknown): string {
  if (error instanceof Problem || error instanceof InputError || error instanceof ConfigFault)
    return error.message;
  return error instanceof Error && error.name === 'Error'
    ? messageOf(error)
    : String((error as Error).stack ?? error);
}
