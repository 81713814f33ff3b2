/**
 * Measures every list of the product on the database of the fixture (make-fixture.ts), as the API asks for it:
 * the slowest and the middle of nine runs, and whether it stays below the limit.
 *
 *     DATABASE_URL=… node bench/dist/measure-lists.js
 */
import { openDatabase } from '@waybill/db/client.js';
import { inTransaction, type Tx } from '@waybill/db/transaction.js';
import { cliActor } from '@waybill/domain/actor.js';
import { listAuditEvents } from '@waybill/domain/audit/list-audit-events.js';
import { listEndpoints } from '@waybill/domain/endpoints/endpoint-views.js';
import { readOverview } from '@waybill/domain/overview/read-overview.js';
import { listPartners } from '@waybill/domain/partners/partners.js';
import { listRoutes } from '@waybill/domain/routes/route-views.js';
import { listSchedules } from '@waybill/domain/schedules/schedules.js';
import { listTransfers } from '@waybill/domain/transfers/transfer-views.js';
import { listCredentials } from '@waybill/domain/trust/credentials.js';

const LIMIT_MS = 50;
const RUNS = 9;

const url = process.env.DATABASE_URL;
if (!url) {
  process.stderr.write('Set DATABASE_URL to the database of the fixture.\n');
  process.exit(1);
}
const database = openDatabase(url, { applicationName: 'waybill bench' });
const actor = cliActor('bench');

const partner = await database.partner.findFirstOrThrow({ skip: 250, orderBy: { name: 'asc' } });
const route = await database.route.findFirstOrThrow({ where: { partnerId: partner.id } });
const schedule = await database.schedule.findFirstOrThrow({ where: { routeId: route.id } });
const ours = await database.endpoint.findFirstOrThrow({ where: { protocol: 'local_folder' } });
const newest = await database.transferFile.findFirstOrThrow({ orderBy: { id: 'desc' } });
const deep = await cursorAfter(database, 20);
const monthAgo = new Date(Date.now() - 30 * 86_400_000).toISOString();

const lists: Record<string, (tx: Tx) => Promise<unknown>> = {
  overview: (tx) => readOverview(tx),
  partners: (tx) => listPartners(tx, {}),
  'partners by name': (tx) => listPartners(tx, { search: 'zürich' }),
  'partners, 200': (tx) => listPartners(tx, { limit: 200 }),
  endpoints: (tx) => listEndpoints(tx, {}),
  'endpoints by name or host': (tx) => listEndpoints(tx, { search: 'partner-25' }),
  'endpoints held': (tx) => listEndpoints(tx, { held: 'true' }),
  credentials: (tx) => listCredentials(tx, {}),
  routes: (tx) => listRoutes(tx, {}),
  'routes by name': (tx) => listRoutes(tx, { search: 'statements' }),
  'routes of a folder': (tx) => listRoutes(tx, { endpointId: ours.id }),
  schedules: (tx) => listSchedules(tx, {}),
  'schedules of a partner': (tx) => listSchedules(tx, { partnerId: partner.id }),
  'schedules by name': (tx) => listSchedules(tx, { search: 'zürich' }),
  transfers: (tx) => listTransfers(tx, {}),
  'transfers, page 21': (tx) => listTransfers(tx, { cursor: deep }),
  'transfers running': (tx) => listTransfers(tx, { state: 'running' }),
  'transfers failed or partial': (tx) => listTransfers(tx, { state: 'failed,partial' }),
  'transfers succeeded': (tx) => listTransfers(tx, { state: 'succeeded' }),
  'transfers of a route': (tx) => listTransfers(tx, { routeId: route.id }),
  'transfers of a partner': (tx) => listTransfers(tx, { partnerId: partner.id }),
  'transfers of a schedule': (tx) => listTransfers(tx, { scheduleId: schedule.id }),
  'failed transfers of a partner': (tx) => listTransfers(tx, { partnerId: partner.id, state: 'failed' }),
  'transfers by api': (tx) => listTransfers(tx, { cause: 'api' }),
  'transfers by resend, none': (tx) => listTransfers(tx, { cause: 'resend' }),
  'transfers of a month ago': (tx) => listTransfers(tx, { to: monthAgo }),
  'transfers by route name': (tx) => listTransfers(tx, { search: 'payments to zürich' }),
  'transfers by file name': (tx) => listTransfers(tx, { search: newest.name.slice(0, 18) }),
  'transfers by common file name': (tx) => listTransfers(tx, { search: 'PAY_' }),
  'transfers by nothing known': (tx) => listTransfers(tx, { search: 'nothing of that name' }),
  'audit events': (tx) => listAuditEvents(tx, actor, {}),
  'audit events of a partner': (tx) => listAuditEvents(tx, actor, { partnerId: partner.id }),
  'audit events by action': (tx) => listAuditEvents(tx, actor, { action: 'transfer.failed' }),
  'audit events denied, none': (tx) => listAuditEvents(tx, actor, { outcome: 'denied' }),
  'audit events by name': (tx) => listAuditEvents(tx, actor, { search: 'zürich' }),
  'audit events, none': (tx) => listAuditEvents(tx, actor, { search: 'nothing of that name' }),
};

const wanted = process.argv[2] ?? '';
let slow = 0;
for (const [name, list] of Object.entries(lists)) {
  if (!name.includes(wanted)) continue;
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const startedAt = performance.now();
    await inTransaction(database, list);
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  const middle = times[Math.floor(RUNS / 2)] ?? 0;
  if (middle > LIMIT_MS) slow += 1;
  const mark = middle > LIMIT_MS ? 'SLOW' : 'ok';
  process.stdout.write(
    `${name.padEnd(32)} ${middle.toFixed(1).padStart(8)} ms ${(times.at(-1) ?? 0).toFixed(1).padStart(8)} ms  ${mark}\n`,
  );
}
await database.$disconnect();
process.exitCode = slow === 0 ? 0 : 1;

/** The cursor of a page far down, as somebody who pages on gets to it. */
async function cursorAfter(tx: Tx, pages: number): Promise<string> {
  let cursor: string | undefined;
  for (let page = 0; page < pages; page += 1)
    cursor = (await listTransfers(tx, cursor === undefined ? {} : { cursor })).nextCursor ?? undefined;
  return cursor ?? '';
}
