/** What a monitor wants to know, read from the database at each scrape: every API process tells the same. */
import { transferState } from '@waybill/contracts/transfers.js';
import type { Database } from '@waybill/db/client.js';
import { readMeasures } from '@waybill/domain/overview/read-measures.js';
import { type Jobs, QUEUE_NAMES } from '@waybill/jobs/jobs.js';
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';

export interface Metrics {
  contentType: string;
  render(): Promise<string>;
}

export function makeMetrics(database: Database, jobs: Jobs): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge({ name: `waybill_${name}`, help, labelNames, registers: [registry] });

  const transfers = gauge('transfers', 'Transfers by state.', ['state']);
  const files = gauge('delivered_files', 'Files delivered, ever.');
  const bytes = gauge('moved_bytes', 'Bytes that transfers have moved, ever.');
  const oldestQueued = gauge('oldest_queued_seconds', 'Age of the oldest transfer that waits for a worker.');
  const queueDepth = gauge('queue_jobs', 'Jobs in a queue.', ['queue', 'state']);
  const due = gauge('schedules_due', 'Schedules whose next run falls within the next hour.');
  const late = gauge('schedules_late', 'Schedules whose run was due more than a minute ago.');
  const workers = gauge('workers_alive', 'Workers heard of within 30 seconds.');
  const paused = gauge('paused', '1 while Waybill is paused.');
  const held = gauge('held', 'What is stopped until a person releases it.', ['kind']);
  const expiry = gauge('certificate_expiry_days', 'Days to the end of a certificate.', ['certificate', 'id']);

  return {
    contentType: registry.contentType,
    async render() {
      const measures = await readMeasures(database);
      // Every state, also at nought: an alert cannot tell a series that is missing from one that is fine.
      const counts = new Map(measures.transfers.map(({ state, count }) => [state, count]));
      for (const state of transferState.options) transfers.set({ state }, counts.get(state) ?? 0);
      files.set(measures.deliveredFiles);
      bytes.set(measures.movedBytes);
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
    },
  };
}
