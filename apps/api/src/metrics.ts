/** What a monitor wants to know, read from the database at each scrape: every API process tells the same. */
import type { Database } from '@waybill/db/client.js';
import { readMeasures } from '@waybill/domain/overview/read-measures.js';
import { OPEN_STATES } from '@waybill/domain/transfers/transfer-state.js';
import { type Jobs, QUEUE_NAMES } from '@waybill/jobs/jobs.js';
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';

export interface Metrics {
  contentType: string;
  render(): Promise<string>;
}

export function makeMetrics(database: Database, jobs: Jobs): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name: `waybill_${name}`, help, labelNames, registers: [registry] });

  // Its values are set and not counted here, so that they survive a restart and are the same in every process.
  const counter = (name: string, help: string) =>
    new Counter({ name: `waybill_${name}_total`, help, labelNames: ['state'], registers: [registry] });

  const transfers = gauge('transfers', 'Transfers that are not over, by state.', ['state']);
  const ended = counter('transfers_ended', 'Transfers that are over, by the state in which they ended.');
  const files = counter('delivered_files', 'Files that ended transfers have delivered.');
  const bytes = counter('moved_bytes', 'Bytes that ended transfers have moved.');
  const oldestQueued = gauge('oldest_queued_seconds', 'Age of the oldest transfer that waits for a worker.');
  const queueDepth = gauge('queue_jobs', 'Jobs in a queue.', ['queue', 'state']);
  const due = gauge('schedules_due', 'Schedules whose next run falls within the next hour.');
  const late = gauge('schedules_late', 'Schedules whose run was due more than a minute ago.');
  const workers = gauge('workers_alive', 'Workers heard of within 30 seconds.');
  const paused = gauge('paused', '1 while Waybill is paused.');
  const held = gauge('held', 'What is stopped until a person releases it.', ['kind']);
  const expiry = gauge('certificate_expiry_days', 'Days to the end of a certificate.', ['certificate', 'id']);

  const read = async (): Promise<string> => {
    const measures = await readMeasures(database);
    // Every state, also at nought: an alert cannot tell a series that is missing from one that is fine.
    const counts = new Map(measures.openTransfers.map(({ state, count }) => [state, count]));
    for (const state of OPEN_STATES) transfers.set({ state }, counts.get(state) ?? 0);
    for (const metric of [ended, files, bytes]) metric.reset();
    for (const { state, count, deliveredFiles, movedBytes } of measures.endedTransfers) {
      ended.inc({ state }, count);
      files.inc({ state }, deliveredFiles);
      bytes.inc({ state }, movedBytes);
    }
    oldestQueued.set(measures.oldestQueuedSeconds);
    due.set(measures.schedulesDue);
    late.set(measures.schedulesLate);
    workers.set(measures.workersAlive);
    paused.set(measures.isPaused ? 1 : 0);
    held.set({ kind: 'route' }, measures.heldRoutes);
    held.set({ kind: 'endpoint' }, measures.heldEndpoints);
    expiry.reset();
    for (const { id, name, days } of measures.certificates) expiry.set({ certificate: name, id }, days);
    queueDepth.reset();
    for (const queue of QUEUE_NAMES) {
      const depth = await jobs.depth(queue);
      queueDepth.set({ queue, state: 'waiting' }, depth.waiting);
      queueDepth.set({ queue, state: 'active' }, depth.active);
    }
    return registry.metrics();
  };

  // Two at once would empty the measures under each other's hands, so one reading serves all who ask meanwhile.
  let underWay: Promise<string> | null = null;
  return {
    contentType: registry.contentType,
    render: () => (underWay ??= read().finally(() => (underWay = null))),
  };
}
