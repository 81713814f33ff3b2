/**
 * The database roles that run, apart from the owner of the schema: an API that is broken into cannot rewrite
 * the audit log, and a worker cannot make itself a user. What each may do is in prisma/roles/grants.sql.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

const GRANTS_FILE = join(import.meta.dirname, '../../../prisma/roles/grants.sql');

/** Names of the roles, as in the database. */
export interface RunningRoles {
  app: string;
  worker: string;
  sealer: string;
}

export interface LoginRole {
  name: string;
  password: string;
}

/**
 * Makes the login roles that are missing and sets the passwords of all.
 * @param adminUrl of a role with CREATEROLE
 * @throws pg's DatabaseError, code 42501, where the right to make roles is missing
 */
export async function createLoginRoles(adminUrl: string, roles: LoginRole[]): Promise<void> {
  await withClient(adminUrl, async (client) => {
    for (const { name, password } of roles) {
      const role = client.escapeIdentifier(name);
      const existing = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
      if (existing.rowCount === 0) await client.query(`CREATE ROLE ${role}`);
      await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
    }
  });
}

/**
 * Applies the grants to the roles, in one transaction. Rights that the file no longer names are taken away.
 * @param ownerUrl of the role that owns the schema
 */
export async function grantRoles(ownerUrl: string, roles: RunningRoles): Promise<void> {
  const template = await readFile(GRANTS_FILE, 'utf8');
  const script = template.replaceAll(/:"(\w+)"/g, (placeholder, key: string) => {
    const name = roles[key as keyof RunningRoles];
    if (name === undefined) throw new Error(`grants.sql names an unknown role ${placeholder}.`);
    return pg.escapeIdentifier(name);
  });
  await withClient(ownerUrl, (client) => client.query(script));
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'waybill roles' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
