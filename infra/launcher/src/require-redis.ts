/** A Redis that cannot be used is told before anything is started that would wait for it. */
import { openJobs } from '@waybill/jobs/jobs.js';
import { LaunchError, type LauncherConfig } from './config.js';

/**
 * Does nothing where the queues are in Postgres.
 * @throws LaunchError with the address and what Redis says
 */
export async function requireRedis({ redisUrl }: LauncherConfig, databaseUrl: string): Promise<void> {
  if (redisUrl === null) return;
  let broken: Error | null = null;
  const jobs = openJobs({ databaseUrl, redisUrl }, { onError: (error) => (broken ??= error) });
  try {
    await jobs.ping();
  } catch (thrown) {
    const error: Error & { code?: string } = broken ?? (thrown as Error);
    throw new LaunchError(
      `The Redis at ${new URL(redisUrl).host} cannot be used: ${error.message || error.code}\n` +
        'Mend REDIS_URL, or leave it out to have the queues in Postgres.',
      { cause: error },
    );
  } finally {
    await jobs.close();
  }
}
