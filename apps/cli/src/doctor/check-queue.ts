/** Whether the queues answer and somebody works on them. */
import { openDatabase } from '@waybill/db/client.js';
import { readWorkers } from '@waybill/domain/overview/read-workers.js';
import { QUEUE_NAMES, openJobs } from '@waybill/jobs/jobs.js';
import type { CliConfig } from '../config.js';
import { type Finding, fail, messageOf, ok } from './finding.js';

export async function checkQueue(config: CliConfig): Promise<Finding[]> {
  const where = config.redisUrl ? 'Redis' : 'Postgres';
  let broken: Error | null = null;
  const jobs = openJobs(
    { databaseUrl: config.databaseUrl, redisUrl: config.redisUrl ?? undefined },
    { onError: (error) => (broken ??= error) },
  );
  try {
    await jobs.ping();
    const waiting = await Promise.all(QUEUE_NAMES.map(async (name) => (await jobs.depth(name)).waiting));
    return [ok('queue', `on ${where}, answers; ${waiting.reduce((sum, one) => sum + one, 0)} waiting`)];
  } catch (thrown) {
    const error: unknown = broken ?? thrown;
    const remedy = config.redisUrl
      ? 'Start Redis, or check REDIS_URL.'
      : 'Run: npm run waybill -- migrate (it makes the tables of the queue).';
    return [fail('queue', `on ${where}: ${messageOf(error)}`, remedy)];
  } finally {
    await jobs.close();
  }
}

export async function checkWorkers(config: CliConfig): Promise<Finding> {
  const database = openDatabase(config.databaseUrl, { poolSize: 1, applicationName: 'waybill doctor' });
  try {
    const { alive } = await readWorkers(database);
    return alive > 0
      ? ok('workers', `${alive} alive`)
      : fail('workers', 'none is alive: transfers wait', 'Start Waybill: npm start');
  } catch (error) {
    return fail('workers', messageOf(error), 'Mend the database first.');
  } finally {
    await database.$disconnect();
  }
}
