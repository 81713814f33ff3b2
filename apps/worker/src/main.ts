/** The worker process: configuration, duties, and an orderly end. */
import { ConfigFault } from '@waybill/configuration/read-configuration.js';
import pino from 'pino';
import { type Config, readConfig } from './config.js';
import { startWorker } from './start-worker.js';

/** What is not put back by then is found by the next worker, as after a crash. */
const GRACE_MS = 8_000;

async function serve(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, base: { app: 'worker' } });
  const worker = await startWorker(config, log);
  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.warn('not everything could be put back in time');
      // What could not be closed would keep it alive.
      process.exit(1);
    }, GRACE_MS).unref();
    await worker.stop();
    log.info('stopped');
  };
  const stopOn = (signal: string): void => {
    stop(signal).catch((err: unknown) => {
      log.fatal({ err }, 'it could not stop in order');
      process.exit(1);
    });
  };
  process.on('SIGTERM', stopOn);
  process.on('SIGINT', stopOn);
  // Only now: whoever reads this may tell it to stop.
  log.info({ workerId: worker.id, queue: worker.queue }, 'working');
}

try {
  await serve(readConfig(process.env));
} catch (error) {
  if (!(error instanceof ConfigFault)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(ConfigFault.EXIT_CODE);
}
