/** The history of the made-up installation, made inside the database: there it takes seconds. */

export interface HistoryTexts {
  timeline: string;
  connections: string;
  dialogue: string;
}

export interface HistoryStep {
  /** What it makes, for people; null for preparations. */
  title: string | null;
  sql: string;
  values: (texts: HistoryTexts) => unknown[];
}

/** Steps that follow each other in one transaction; partners, endpoints, routes and schedules are there already. */
export const HISTORY_SQL = ({ transfers, days }: { transfers: number; days: number }): HistoryStep[] => [
  { title: null, sql: UUID_AT, values: () => [] },
  { title: null, sql: PLAN, values: () => [transfers, days] },
  { title: 'transfer', sql: TRANSFERS, values: () => [] },
  { title: 'transfer_file', sql: FILES, values: () => [] },
  {
    title: 'attempt',
    sql: ATTEMPTS,
    values: ({ timeline, connections, dialogue }) => [timeline, connections, dialogue],
  },
  { title: 'audit_event', sql: EVENTS, values: () => [] },
];

/** UUIDv7 (RFC 9562 §5.7) of an instant, so that ids sort as those of real rows do. */
const UUID_AT = `
  CREATE FUNCTION pg_temp.uuid_at(at timestamptz) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0')
      || '7' || substr(r, 1, 3) || '8' || substr(r, 4, 15))::uuid
    FROM (SELECT md5(random()::text || at::text) AS r) random
  $$`;

/** One line a transfer: which route, when, how it ended, how many files. The last ones are still open. */
const PLAN = `
  CREATE TEMPORARY TABLE planned ON COMMIT DROP AS
  WITH seeded AS (SELECT setseed(0.42)),
  routes AS (SELECT array_agg(id ORDER BY name) AS ids FROM route),
  drawn AS MATERIALIZED (
    SELECT number, routes.ids[1 + floor(random() ^ 2 * array_length(routes.ids, 1))::int] AS route_id,
      now() - ($1::int - number) * (make_interval(days => $2::int) / $1::int) AS created_at,
      random() AS luck, 1 + floor(random() ^ 3 * 4)::int AS file_count
    FROM seeded, routes, generate_series(1, $1::int) AS number
  )
  SELECT number, route_id, created_at, file_count,
    CASE
      WHEN $1 - number < 6 THEN 'running' WHEN $1 - number < 16 THEN 'queued' WHEN $1 - number < 24 THEN 'waiting'
      WHEN $1 - number < 30 THEN 'held' WHEN luck < 0.93 THEN 'succeeded' WHEN luck < 0.97 THEN 'failed'
      WHEN luck < 0.99 THEN 'partial' ELSE 'cancelled'
    END AS state,
    (ARRAY['schedule', 'schedule', 'schedule', 'manual', 'api'])[1 + number % 5] AS cause,
    pg_temp.uuid_at(created_at) AS id
  FROM drawn`;

const TRANSFERS = `
  INSERT INTO transfer (id, route_id, cause, schedule_id, due_at, requested_by, state, route_snapshot, try_count,
    next_try_at, lease_owner, lease_until, file_count, delivered_count, total_bytes, moved_bytes, failure_kind,
    failure_text, created_at, started_at, finished_at)
  SELECT planned.id, route.id, planned.cause::transfer_cause,
    CASE planned.cause WHEN 'schedule' THEN schedule.id END,
    CASE planned.cause WHEN 'schedule' THEN planned.created_at END,
    CASE planned.cause WHEN 'schedule' THEN 'scheduler' WHEN 'api' THEN 'ERP production' ELSE 'ana.operator@example.com' END,
    planned.state::transfer_state,
    jsonb_build_object('name', route.name, 'sourceEndpointId', route.source_endpoint_id,
      'sourceEndpointName', source.name, 'sourcePath', route.source_path, 'filePattern', route.file_pattern,
      'targetEndpointId', route.target_endpoint_id, 'targetEndpointName', target.name,
      'targetPath', route.target_path, 'ifExists', route.if_exists, 'afterAction', route.after_action,
      'archivePath', route.archive_path, 'maxTries', route.max_tries),
    CASE planned.state WHEN 'queued' THEN 0 WHEN 'failed' THEN 5 ELSE 1 END,
    CASE planned.state WHEN 'waiting' THEN now() + interval '1 day' END,
    CASE planned.state WHEN 'running' THEN 'worker-fixture' END,
    CASE planned.state WHEN 'running' THEN now() + interval '7 days' END,
    CASE planned.state WHEN 'queued' THEN 0 ELSE planned.file_count END,
    CASE planned.state WHEN 'succeeded' THEN planned.file_count WHEN 'partial' THEN 1 ELSE 0 END,
    CASE planned.state WHEN 'queued' THEN 0 ELSE planned.file_count * 1400000 END,
    CASE planned.state WHEN 'succeeded' THEN planned.file_count * 1400000 WHEN 'running' THEN 500000
      WHEN 'partial' THEN 1400000 ELSE 0 END,
    CASE WHEN planned.state IN ('failed', 'waiting') THEN 'connect_timeout' WHEN planned.state = 'held' THEN 'login_refused' END,
    CASE WHEN planned.state IN ('failed', 'waiting') THEN 'The server did not answer within 20 s. Ask the partner whether it is up.'
      WHEN planned.state = 'held' THEN 'The server refuses the password (530).' END,
    planned.created_at,
    CASE WHEN planned.state <> 'queued' THEN planned.created_at + interval '300 milliseconds' END,
    CASE WHEN planned.state IN ('succeeded', 'failed', 'partial', 'cancelled') THEN planned.created_at + interval '4 seconds' END
  FROM planned
  JOIN route ON route.id = planned.route_id
  JOIN endpoint source ON source.id = route.source_endpoint_id
  JOIN endpoint target ON target.id = route.target_endpoint_id
  LEFT JOIN schedule ON schedule.route_id = route.id`;

const FILES = `
  INSERT INTO transfer_file (id, transfer_id, position, source_path, name, target_path, state, size_bytes,
    modified_at, moved_bytes, sha256, verification, attempt_count, failure_kind, failure_text, delivered_at, after_action_at)
  SELECT pg_temp.uuid_at(planned.created_at), planned.id, position, route.source_path || '/' || file.name, file.name,
    route.target_path || '/' || file.name,
    (CASE WHEN is_delivered THEN 'delivered' WHEN planned.state IN ('failed', 'partial') THEN 'failed'
      WHEN planned.state = 'cancelled' THEN 'skipped' WHEN planned.state = 'running' AND position = 0 THEN 'moving'
      ELSE 'planned' END)::transfer_file_state,
    1400000, planned.created_at - interval '1 hour', CASE WHEN is_delivered THEN 1400000 ELSE 0 END,
    CASE WHEN is_delivered THEN md5(file.name) || md5(planned.id::text) END,
    CASE WHEN is_delivered THEN 'size' END, 1,
    CASE WHEN NOT is_delivered AND planned.state IN ('failed', 'partial') THEN 'connect_timeout' END,
    CASE WHEN NOT is_delivered AND planned.state IN ('failed', 'partial') THEN 'The server did not answer within 20 s.' END,
    CASE WHEN is_delivered THEN planned.created_at + interval '3 seconds' END,
    CASE WHEN is_delivered THEN planned.created_at + interval '3 seconds' END
  FROM planned
  JOIN route ON route.id = planned.route_id
  CROSS JOIN LATERAL generate_series(0, planned.file_count - 1) AS position
  CROSS JOIN LATERAL (SELECT format('%s_%s_%s_for_the_settlement_of_the_day_%s.xml',
    CASE WHEN route.file_pattern LIKE 'PAY%' THEN 'PAY' ELSE 'STMT' END,
    to_char(planned.created_at, 'YYYYMMDD'), planned.number, position) AS name) AS file
  CROSS JOIN LATERAL (SELECT planned.state = 'succeeded' OR (planned.state = 'partial' AND position = 0) AS is_delivered) AS fate
  WHERE planned.state <> 'queued'`;

/** The newest ones with all that a session leaves behind; those are the ones that people open. */
const ATTEMPTS = `
  INSERT INTO attempt (id, transfer_id, transfer_file_id, try_number, worker_id, outcome, bytes, sha256, verification,
    duration_ms, failure_kind, failure_text, failure_step, timeline, connections, dialogue, started_at, finished_at)
  SELECT pg_temp.uuid_at(transfer.created_at), transfer.id, file.id, 1, 'worker-fixture',
    file.state::text::attempt_outcome, file.moved_bytes, file.sha256, file.verification, 646,
    file.failure_kind, file.failure_text, CASE WHEN file.state = 'failed' THEN 'connect' END,
    CASE WHEN is_new THEN $1::jsonb ELSE '[]' END, CASE WHEN is_new THEN $2::jsonb ELSE '[]' END,
    CASE WHEN is_new THEN $3::jsonb ELSE '[]' END, transfer.created_at + interval '300 milliseconds',
    transfer.created_at + interval '1 second'
  FROM transfer_file file JOIN transfer ON transfer.id = file.transfer_id
  CROSS JOIN LATERAL (SELECT transfer.created_at > now() - interval '10 days' AS is_new) AS age
  WHERE file.state IN ('delivered', 'failed')`;

/** Asked for and ended, as the real ones have it; the details of each fit the catalogue. */
const EVENTS = `
  INSERT INTO audit_event (id, recorded_at, occurred_at, action, outcome, actor_kind, actor_name, object_kind,
    object_id, object_name, partner_id, details, salt)
  SELECT pg_temp.uuid_at(event.at), event.at, event.at, event.action, event.outcome::audit_outcome,
    event.actor_kind::actor_kind, event.actor_name, 'transfer', transfer.id::text, route.name, route.partner_id,
    event.details, decode(md5(random()::text), 'hex')
  FROM transfer JOIN route ON route.id = transfer.route_id
  CROSS JOIN LATERAL (
    VALUES
      ('transfer.requested', 'succeeded', CASE transfer.cause WHEN 'schedule' THEN 'system' WHEN 'api' THEN 'api_key' ELSE 'user' END,
        transfer.requested_by, transfer.created_at,
        jsonb_build_object('cause', transfer.cause, 'route', route.name, 'scheduleId', transfer.schedule_id,
          'dueAt', to_char(transfer.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
          'resendOfId', NULL, 'resendFiles', NULL, 'reason', NULL)),
      (CASE transfer.state WHEN 'succeeded' THEN 'transfer.succeeded' WHEN 'failed' THEN 'transfer.failed'
          WHEN 'partial' THEN 'transfer.ended_partial' WHEN 'cancelled' THEN 'transfer.cancelled' END,
        CASE WHEN transfer.state IN ('failed', 'partial') THEN 'failed' ELSE 'succeeded' END, 'system', 'worker-fixture',
        transfer.finished_at,
        CASE transfer.state WHEN 'succeeded' THEN jsonb_build_object('deliveredCount', transfer.delivered_count, 'bytes', transfer.moved_bytes)
          WHEN 'failed' THEN jsonb_build_object('failureKind', transfer.failure_kind, 'failureText', transfer.failure_text)
          WHEN 'partial' THEN jsonb_build_object('deliveredCount', 1, 'failedCount', transfer.file_count - 1)
          ELSE jsonb_build_object('deliveredCount', 0) END)
  ) AS event (action, outcome, actor_kind, actor_name, at, details)
  WHERE event.action IS NOT NULL AND event.at IS NOT NULL`;
