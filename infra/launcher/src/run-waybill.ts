/** The life of one `npm start`, from opening the data folder to the last process that ends. */
import { join } from 'node:path';
import { LaunchError, REPOSITORY, type LauncherConfig } from './config.js';
import { requireNotRunning } from './data-folder.js';
import {
  apiEnvironment,
  closeInstallation,
  consoleUrl,
  openInstallation,
  practiceEnvironment,
  workerEnvironment,
  type Installation,
} from './installation.js';
import { requireFreePort } from './ports.js';
import { choosePracticePorts, registerPracticePartner, type PracticePorts } from './practice-partner.js';
import { issueSetupLink } from './setup-link.js';
import { superviseProcess, type SupervisedProcess } from './supervised-process.js';
import { waitUntilReady } from './wait-until-ready.js';

/** A worker may end the piece of work that it has in hand. */
const WORKER_GRACE_MS = 10_000;
const GRACE_MS = 5_000;
/** npm passes a signal on that the terminal has sent us already: a second one so soon is the same one. */
const SAME_SIGNAL_MS = 800;

interface RunningProcesses {
  api?: SupervisedProcess;
  worker?: SupervisedProcess;
  practice?: SupervisedProcess;
}

const say = (line: string): void => console.log(line);

/** @throws LaunchError with what to do, after everything that was started has been stopped */
export async function runWaybill(config: LauncherConfig): Promise<void> {
  // First, because the port is then taken by that very Waybill.
  await requireNotRunning(config.dataFolder);
  await requireFreePort(config.port, config.host, 'WAYBILL_PORT');
  const processes: RunningProcesses = {};
  const signal = stopSignal(() => Object.values(processes).forEach((one: SupervisedProcess) => one.kill()));
  const installation = await openInstallation(config);
  let failure: unknown;
  try {
    const { lost } = await startProcesses({ config, installation, processes, signal });
    failure = await Promise.race([whenAborted(signal), lost]);
  } catch (error) {
    failure = signal.aborted ? undefined : error;
  }
  if (failure === undefined) say('\nStopping …');
  await stopProcesses(processes);
  await closeInstallation(installation);
  if (failure !== undefined) throw failure;
  say('Stopped.');
}

interface Start {
  config: LauncherConfig;
  installation: Installation;
  /** Filled one by one, so that what has been started can be stopped at any moment. */
  processes: RunningProcesses;
  signal: AbortSignal;
}

/** Starts everything and prints where it is (`lost` fulfils with what brings it down later). */
async function startProcesses({
  config,
  installation,
  processes,
  signal,
}: Start): Promise<{ lost: Promise<unknown> }> {
  const { folder, database } = installation;
  const { promise: lost, resolve: bringDown } = Promise.withResolvers<unknown>();
  void database.server?.exited.then((code) =>
    bringDown(
      new LaunchError(
        `The database ended by itself (code ${code}), see ${join(folder.logs, 'postgres.log')}`,
      ),
    ),
  );
  const start = (
    title: string,
    entry: string,
    environment: NodeJS.ProcessEnv,
    name: string,
  ): SupervisedProcess =>
    superviseProcess({
      title,
      entry,
      environment,
      logFile: join(folder.logs, `${name}.log`),
      say,
      onGivenUp: (reason) => (name === 'practice' ? say(reason) : bringDown(new LaunchError(reason))),
    });

  const practice = config.isProduction ? null : await choosePracticePorts(config, folder);
  signal.throwIfAborted();
  const apps = join(REPOSITORY, 'apps');
  processes.api = start('The API', join(apps, 'api/dist/main.js'), apiEnvironment(config, folder), 'api');
  processes.worker = start(
    'The worker',
    join(apps, 'worker/dist/main.js'),
    workerEnvironment(config, folder),
    'worker',
  );
  if (practice) {
    const entry = join(import.meta.dirname, 'practice-main.js');
    processes.practice = start(
      'The practice partner',
      entry,
      practiceEnvironment(config, folder, practice),
      'practice',
    );
    await registerPracticePartner(config, installation, practice);
  }
  const url = consoleUrl({ ...config, publicUrl: null });
  await waitUntilReady({ url, api: processes.api, logFile: join(folder.logs, 'api.log'), signal });
  printAddresses(config, installation, await issueSetupLink(database.urls.app, consoleUrl(config)), practice);
  return { lost };
}

function printAddresses(
  config: LauncherConfig,
  { folder, database }: Installation,
  setupLink: string | null,
  practice: PracticePorts | null,
): void {
  const lines: [string, string][] = [['Console', consoleUrl(config)]];
  if (setupLink) lines.push(['First administrator', `${setupLink}  (works once)`]);
  if (practice) {
    const addresses = `127.0.0.1:${practice.explicit} (explicit), 127.0.0.1:${practice.implicit} (implicit)`;
    lines.push(['Practice partner', addresses]);
  }
  lines.push(['Data folder', folder.path], ['To stop', 'Ctrl-C']);
  say(
    [
      '',
      'Waybill is running.',
      '',
      ...lines.map(([name, value]) => `  ${name.padEnd(20)} ${value}`),
      '',
    ].join('\n'),
  );
  for (const note of database.notes) say(`Note: ${note}\n`);
}

/** The worker first, because it writes to all others; the API next; each of them is given its time. */
async function stopProcesses({ api, worker, practice }: RunningProcesses): Promise<void> {
  await worker?.stop(WORKER_GRACE_MS);
  await api?.stop(GRACE_MS);
  await practice?.stop(GRACE_MS);
}

/** Aborted at the first Ctrl-C (or SIGTERM); a second one calls `force`. */
function stopSignal(force: () => void): AbortSignal {
  const stop = new AbortController();
  let firstAt = 0;
  const onSignal = (): void => {
    if (!stop.signal.aborted) {
      firstAt = performance.now();
      stop.abort();
    } else if (performance.now() - firstAt > SAME_SIGNAL_MS) {
      say('Stopping by force.');
      force();
    }
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal);
  return stop.signal;
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
