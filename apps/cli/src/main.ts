/** `npm run waybill -- <command>`: for the administrator of the machine. Talks to the database, not to the API. */
import { createRequire } from 'node:module';
import { ConfigFault } from '@waybill/configuration/read-configuration.js';
import { apiKeyCreate, userCreate, userPassword } from '@waybill/contracts/access.js';
import { fieldMessage } from '@waybill/contracts/field-message.js';
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
import { Command, CommanderError, Option } from 'commander';
import type { z } from 'zod';
import { InputError, askPassword } from './ask-password.js';
import { openConfig, rolesOf } from './config.js';
import { messageOf } from './doctor/finding.js';
import { formatFindings, runDoctor } from './doctor/run-doctor.js';

const DAY_MS = 86_400_000;
/** 1 is what was refused or failed. */
const WRONG_USE = 2;

/** What a command gives: for a program with `--json`, for a person otherwise. */
interface Outcome {
  json: object;
  text: string;
  /** For the person only, apart from what may be piped on. */
  note?: string;
}

const program = new Command('npm run waybill --')
  .description(
    'Waybill, for the administrator of the machine. Passwords are asked for, or read from standard input.',
  )
  .version((createRequire(import.meta.url)('../package.json') as { version: string }).version)
  .option('--json', 'print the result as JSON, for programs (with npm run --silent)')
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('(--help tells how it is used)')
  .exitOverride()
  .addHelpText(
    'after',
    `
Examples:
  npm run waybill -- user create --email ada@example.com --name "Ada Lovelace" --role administrator
  npm run --silent waybill -- api-key create --name nightly --role operator > key
  npm run waybill -- doctor

Ends with 0 when it is done, 1 when it was refused or the doctor found a failure, 2 when it was used wrongly.`,
  );
const emailOption = new Option('--email <email>', 'what they sign in with').makeOptionMandatory();
const roleOption = new Option('--role <role>', 'what they may do').choices(ROLES).makeOptionMandatory();

const user = program.command('user').description('people who may sign in');
user
  .command('create')
  .description('add a person')
  .addOption(emailOption)
  .requiredOption('--name <name>', 'their name')
  .addOption(roleOption)
  .addHelpText(
    'after',
    `
Examples:
  npm run waybill -- user create --email ada@example.com --name "Ada Lovelace" --role administrator
  npm run waybill -- user create --email bob@example.com --name Bob --role auditor < password-file`,
  )
  .action(
    act(async (options: { email: string; name: string; role: string }) => {
      const person = checked(userCreate.omit({ password: true }), options);
      const password = checked(userPassword, await askPassword(), 'password');
      const made = await withTransaction((tx, actor) => createUser(tx, actor, { ...person, password }));
      return {
        json: { id: made.id, email: made.email, role: made.role },
        text: `${made.email} may sign in as ${made.role}.`,
      };
    }),
  );
user
  .command('reset-password')
  .description('set a password anew, unlock the account and sign them out everywhere')
  .addOption(emailOption)
  .addHelpText('after', '\nExample:\n  npm run waybill -- user reset-password --email ada@example.com')
  .action(
    act(async (options: { email: string }) => {
      const email = checked(emailContract, options.email, 'email');
      const password = checked(userPassword, await askPassword(), 'password');
      await withTransaction(async (tx, actor) => {
        const { id } = await getUserByEmail(tx, email);
        await resetUserPassword(tx, actor, { id, password });
      });
      return {
        json: { email },
        text: `The password of ${email} is set, and all their sessions have ended.`,
      };
    }),
  );

program
  .command('api-key')
  .description('keys for programs')
  .command('create')
  .description('make a key and print it, once')
  .requiredOption('--name <name>', 'what it is for')
  .addOption(roleOption)
  .option('--expires-in-days <days>', 'when it ends; never unless told')
  .addHelpText(
    'after',
    `
The key alone goes to standard output.

Example:
  KEY=$(npm run --silent waybill -- api-key create --name nightly --role operator --expires-in-days 365)`,
  )
  .action(
    act(async (options: { name: string; role: string; expiresInDays?: string }) => {
      const expiresAt = options.expiresInDays === undefined ? null : daysFromNow(options.expiresInDays);
      const input = checked(apiKeyCreate, { name: options.name, role: options.role, expiresAt });
      const { id, name, role, key } = await withTransaction((tx, actor) => createApiKey(tx, actor, input));
      return {
        json: { id, name, role, expiresAt, key },
        text: key,
        note: `The key of ${name} (${role}). It is shown this once:`,
      };
    }),
  );

program
  .command('setup-link')
  .description('a fresh one-time link for the first administrator')
  .action(
    act(async () => {
      const { publicUrl } = await openConfig();
      const issued = await withTransaction(issueSetupToken);
      if (issued === null)
        throw new Problem('wrong_state', 'There is an administrator already; ask them to add you as a user.');
      const link = `${publicUrl ?? ''}/set-up#token=${issued.token}`;
      return { json: { link }, text: link };
    }),
  );

program
  .command('migrate')
  .description('bring the database to this version, and apply the grants again')
  .action(
    act(async () => {
      const config = await openConfig();
      const roles = rolesOf(config);
      const applied = await migrateDatabase({ ownerUrl: config.ownerUrl, roles: roles ?? undefined });
      await prepareJobs(config.ownerUrl, roles ? [roles.app, roles.worker] : []);
      const lines = [applied.length === 0 ? 'The database is current.' : `Applied: ${applied.join(', ')}.`];
      if (roles === null) lines.push('All runs as one database role: grants were not applied.');
      return { json: { applied, grantsApplied: roles !== null }, text: lines.join('\n') };
    }),
  );

program
  .command('doctor')
  .description('look at everything that Waybill rests on, and say what to mend')
  .addHelpText('after', '\nFor a monitor:\n  npm run --silent waybill -- doctor --json')
  .action(
    act(async () => {
      const findings = await runDoctor(await openConfig());
      const failed = findings.filter((finding) => finding.status === 'fail').length;
      const warned = findings.filter((finding) => finding.status === 'warn').length;
      if (failed > 0) process.exitCode = 1;
      const sum = `${findings.length} checks, ${failed} failed, ${warned} with a warning.`;
      return { json: { failed, warned, findings }, text: `${formatFindings(findings)}\n\n${sum}` };
    }),
  );

refuseRepeatedOptions(program);
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : WRONG_USE;
  else {
    console.error(explain(error));
    process.exitCode = error instanceof InputError ? WRONG_USE : 1;
  }
}

/** An action that prints its outcome. */
function act<Options>(work: (options: Options) => Promise<Outcome>): (options: Options) => Promise<void> {
  return async (options) => {
    const { json, text, note } = await work(options);
    if (program.opts<{ json?: true }>().json) console.log(JSON.stringify(json));
    else {
      if (note) console.error(note);
      console.log(text);
    }
  };
}

/** An option that is given twice would silently count as its last value. */
function refuseRepeatedOptions(command: Command): void {
  for (const option of command.options) {
    let times = 0;
    command.on(`option:${option.name()}`, () => {
      times += 1;
      if (times > 1) command.error(`error: option '${option.flags}' is given twice`);
    });
  }
  command.commands.forEach(refuseRepeatedOptions);
}

async function withTransaction<Result>(work: (tx: Tx, actor: Actor) => Promise<Result>): Promise<Result> {
  const config = await openConfig();
  const database = openDatabase(config.databaseUrl, { poolSize: 1, applicationName: 'waybill command line' });
  try {
    return await inTransaction(database, (tx) => work(tx, cliActor(config.userName)));
  } finally {
    await database.$disconnect();
  }
}

/** @param name what a schema without fields is about */
function checked<Schema extends z.ZodType>(schema: Schema, value: unknown, name = ''): z.infer<Schema> {
  const parsed = schema.safeParse(value, { error: fieldMessage });
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.map((issue) => `${issue.path.join('.') || name}: ${issue.message}`).join('\n'),
  );
}

function daysFromNow(text: string): string {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > 3650)
    throw new InputError(`--expires-in-days: "${text}" is not a whole number from 1 to 3650.`);
  return new Date(Date.now() + days * DAY_MS).toISOString();
}

/** What we mean, and what the database says, is told in its own words; a fault of ours keeps its stack. */
function explain(error: unknown): string {
  if (error instanceof Problem || error instanceof InputError || error instanceof ConfigFault)
    return error.message;
  const isOfDatabase = error instanceof Error && (error.name === 'Error' || 'clientVersion' in error);
  return isOfDatabase ? messageOf(error) : String((error as Error).stack ?? error);
}
