/**
 * Fills a database with a large, made-up installation, to see how the console and its lists behave: 500 partners
 * with names of 60 characters, their endpoints, routes and schedules, and 100,000 transfers over 90 days with
 * files, attempts and audit events. Takes some 30 s. The same input gives the same rows, apart from instants.
 *
 * Nothing of it can reach anybody: hosts end in `.invalid`, passwords cannot be opened, and Waybill is paused.
 */
import { randomBytes } from 'node:crypto';
import { bindingHash } from '@waybill/vault/binding.js';
import { newId } from '@waybill/domain/new-id.js';
import pg from 'pg';
import { HISTORY_SQL } from './fixture-history.js';
import { attemptDialogue, attemptTimeline, connectionFacts, longName } from './fixture-text.js';

export interface FixtureSize {
  partners: number;
  transfers: number;
}

export const DEFAULT_SIZE: FixtureSize = { partners: 500, transfers: 100_000 };
const ROUTES_PER_PARTNER = 2;
const DAYS = 90;

/**
 * @param ownerUrl of the role that owns the schema: others may not write all of it
 * @param say one line for each step
 * @throws Error where the database has transfers already
 */
export async function makeFixture(
  ownerUrl: string,
  size: FixtureSize,
  say: (line: string) => void,
): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'waybill fixture' });
  await client.connect();
  try {
    await requireUnused(client);
    await client.query('BEGIN');
    await client.query('SET LOCAL synchronous_commit = off');
    const tables = makeMasterData(size.partners);
    for (const [table, rows] of Object.entries(tables)) {
      await client.query(
        `INSERT INTO "${table}" SELECT * FROM jsonb_populate_recordset(NULL::"${table}", $1::jsonb)`,
        [JSON.stringify(rows)],
      );
      say(`${table}: ${rows.length}`);
    }
    for (const { title, sql, values } of HISTORY_SQL({ transfers: size.transfers, days: DAYS })) {
      const startedAt = Date.now();
      const { rowCount } = await client.query(sql, values(texts()));
      if (title !== null)
        say(`${title}: ${rowCount ?? 0} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
    }
    await client.query('COMMIT');
    // The planner and the visibility map know nothing of the new rows otherwise.
    await client.query('VACUUM (ANALYZE)');
  } finally {
    await client.end();
  }
}

function texts() {
  return {
    timeline: JSON.stringify(attemptTimeline()),
    connections: JSON.stringify(connectionFacts()),
    dialogue: JSON.stringify(attemptDialogue()),
  };
}

async function requireUnused(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM transfer LIMIT 1');
  if (rowCount) throw new Error('The database has transfers already; make the fixture in one of its own.');
}

type Row = Record<string, unknown>;

/** Partners with two servers, two routes and two schedules each, between them and three folders of ours. */
function makeMasterData(partnerCount: number) {
  const madeAt = new Date(Date.now() - (DAYS + 10) * 86_400_000).toISOString();
  const dates = { created_at: madeAt, updated_at: madeAt };
  const tables: Record<
    'partner' | 'credential' | 'endpoint' | 'credential_seal' | 'route' | 'schedule' | 'setting',
    Row[]
  > = {
    partner: [],
    credential: [],
    endpoint: [],
    credential_seal: [],
    route: [],
    schedule: [],
    setting: [
      {
        key: 'pause',
        value: { at: madeAt, by: 'fixture', reason: 'These rows are made up; nothing may start.' },
        updated_at: madeAt,
      },
    ],
  };
  const times = { connect_timeout_ms: 20_000, idle_timeout_ms: 60_000 };
  const folders = [1, 2, 3].map((number) => newFolder(number));
  tables.endpoint.push(...folders.map((folder) => ({ ...folder, ...times, ...dates })));
  for (let index = 0; index < partnerCount; index += 1) {
    const partner = {
      id: newId(),
      name: longName(index),
      description: index % 3 === 0 ? 'Exchanges payment files and account statements every banking day.' : '',
      contact_name: 'Treasury Operations',
      contact_email: `operations.${index}@partner.invalid`,
      tags: [['bank', 'supplier', 'customer'][index % 3], index % 5 === 0 ? 'critical' : 'standard'],
    };
    tables.partner.push({ ...partner, ...dates });
    const servers = [0, 1].map((number) => {
      const credential = { id: newId(), partner_id: partner.id, name: `${partner.name} ${number + 1}` };
      tables.credential.push({ ...credential, username: `waybill${index}`, rotated_at: madeAt, ...dates });
      const host = `ftps${number + 1}.partner-${index}.invalid`;
      tables.credential_seal.push(newSeal(credential.id, host, madeAt));
      const isHeld = index % 97 === 0 && number === 1;
      const server = {
        id: newId(),
        partner_id: partner.id,
        name: `${partner.name} ${number === 0 ? 'in' : 'out'}`,
        protocol: number === 0 ? 'ftps_explicit' : 'ftps_implicit',
        host,
        port: number === 0 ? 21 : 990,
        trust_mode: 'system_cas',
        tls_min_version: 'TLSv1.2',
        credential_id: credential.id,
        base_path: '/',
        held_at: isHeld ? madeAt : null,
        held_reason: isHeld
          ? 'The server refuses the password (530). Set the right one, then release it.'
          : null,
        held_kind: isHeld ? 'login_refused' : null,
      };
      tables.endpoint.push({ ...server, ...times, ...dates });
      return server;
    });
    for (let number = 0; number < ROUTES_PER_PARTNER; number += 1) {
      const ours = folders[(index + number) % folders.length]?.id;
      const theirs = servers[number]?.id;
      const isSending = number === 0;
      const route = {
        id: newId(),
        name: `${isSending ? 'Payments to' : 'Statements from'} ${partner.name}`,
        partner_id: partner.id,
        source_endpoint_id: isSending ? ours : theirs,
        source_path: isSending ? `/out/${index}` : '/outgoing',
        file_pattern: isSending ? 'PAY_*.xml' : 'STMT_*.{xml,csv}',
        target_endpoint_id: isSending ? theirs : ours,
        target_path: isSending ? '/incoming' : `/in/${index}`,
        if_exists: 'replace',
        after_action: isSending ? 'move' : 'delete',
        archive_path: isSending ? `/out/${index}/sent` : null,
        max_tries: 5,
        enabled: index % 50 !== 0,
      };
      tables.route.push({ ...route, ...dates });
      tables.schedule.push({ ...newSchedule(route.id, index, number), ...dates });
    }
  }
  return tables;
}

function newFolder(number: number) {
  return {
    id: newId(),
    name: `Our payment hub, folder ${number} of the head office Zürich`,
    protocol: 'local_folder',
    root_name: 'files',
    base_path: `/hub-${number}`,
    trust_mode: 'system_cas',
    tls_min_version: 'TLSv1.2',
  };
}

/** In the shape of a real one, so that lists do the same work; it holds nothing. */
function newSeal(credentialId: string, host: string, createdAt: string): Row {
  const binding = { credentialId, host, serverName: null, trustMode: 'system_cas', trustAnchors: [] };
  return {
    id: newId(),
    credential_id: credentialId,
    binding_hash: `\\x${bindingHash(binding).toString('hex')}`,
    binding,
    sealed: `\\x${randomBytes(64).toString('hex')}`,
    vault_key_id: 'fixture',
    created_at: createdAt,
  };
}

function newSchedule(routeId: string, index: number, number: number): Row {
  const minute = (index * 7) % 60;
  const hour = (index + number * 12) % 24;
  const next = new Date();
  next.setUTCHours(hour, minute, 0, 0);
  if (next.getTime() <= Date.now()) next.setUTCDate(next.getUTCDate() + 1);
  const enabled = index % 20 !== 0;
  return {
    id: newId(),
    route_id: routeId,
    name: number === 0 ? 'Every day before the cut-off time' : 'Every day after the end-of-day run',
    cron: `${minute} ${hour} * * *`,
    time_zone: 'UTC',
    enabled,
    next_run_at: enabled ? next.toISOString() : null,
  };
}
