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

/** Each as in `UPDATE transfer.state`. */
export interface GrantDifference {
  /** What the role may do and the grants do not name. */
  excess: string[];
  /** What the grants name and the role may not do. */
  missing: string[];
}

/**
 * Compares what each role may do with what the grants give it, and changes nothing: they are applied and undone.
 * @param ownerUrl of the role that owns the schema
 */
export async function compareGrants(
  ownerUrl: string,
  roles: RunningRoles,
): Promise<Record<keyof RunningRoles, GrantDifference>> {
  const script = await grantScript(roles);
  return withClient(ownerUrl, async (client) => {
    // Closing the connection undoes what a fault leaves undone.
    await client.query('BEGIN');
    const has = await readRights(client, roles, { inherited: true });
    await client.query(script);
    const needs = await readRights(client, roles, { inherited: false });
    await client.query('ROLLBACK');
    const differenceOf = (role: keyof RunningRoles): GrantDifference => ({
      excess: has[role].filter((right) => !needs[role].includes(right)),
      missing: needs[role].filter((right) => !has[role].includes(right)),
    });
    return { app: differenceOf('app'), worker: differenceOf('worker'), sealer: differenceOf('sealer') };
  });
}

async function readRights(
  client: pg.Client,
  roles: RunningRoles,
  { inherited }: { inherited: boolean },
): Promise<Record<keyof RunningRoles, string[]>> {
  const rightsOf = async (role: string): Promise<string[]> => {
    const { rows } = await client.query<{ right: string }>(RIGHTS, [role, inherited]);
    return rows.map(({ right }) => right);
  };
  return {
    app: await rightsOf(roles.app),
    worker: await rightsOf(roles.worker),
    sealer: await rightsOf(roles.sealer),
  };
}

/** What the schema, its tables, columns and sequences grant to a role ($1), everybody, and the groups of the role ($2). */
const RIGHTS = `
  WITH object (acl, name) AS (
    SELECT nspacl, 'schema ' || nspname FROM pg_namespace WHERE nspname = 'public'
    UNION ALL SELECT relacl, relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT attacl, relname || '.' || attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE relnamespace = 'public'::regnamespace AND NOT attisdropped
  )
  SELECT DISTINCT privilege_type || ' ' || name || CASE WHEN is_grantable THEN ', to hand on' ELSE '' END AS "right"
  FROM object, aclexplode(acl)
  WHERE grantee = 0
    OR grantee IN (SELECT oid FROM pg_roles WHERE rolname = $1 OR ($2 AND pg_has_role($1, oid, 'MEMBER')))
  ORDER BY 1`;

/**
 * Applies the grants to the roles, in one transaction. Rights that the file no longer names are taken away.
 * @param ownerUrl of the role that owns the schema
 */
export async function grantRoles(ownerUrl: string, roles: RunningRoles): Promise<void> {
  const script = await grantScript(roles);
  await withClient(ownerUrl, (client) => client.query(script));
}

async function grantScript(roles: RunningRoles): Promise<string> {
  const template = await readFile(GRANTS_FILE, 'utf8');
  return template.replaceAll(/:"(\w+)"/g, (placeholder, key: string) => {
    const name = roles[key as keyof RunningRoles];
    if (name === undefined) throw new Error(`grants.sql names an unknown role ${placeholder}.`);
    return pg.escapeIdentifier(name);
  });
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
