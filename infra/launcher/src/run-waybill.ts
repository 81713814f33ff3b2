/** The life of one `npm start`, from opening the data folder to the last process that ends. */
import { constants } from 'node:os';
import { join } from 'node:path';
import { LaunchError, PRACTICE_USER, REPOSITORY, type LauncherConfig } from './config.js';
import { requireNotRunning } from './data-folder.js';
import {
  apiEnvironment,
  closeInstallation,
  consoleUrl,
  openInstallation,
  practiceEnvironment,
  readableByApi,
  workerEnvironment,
  type Installation,
} from './installation.js';
import { requireFreePort } from './ports.js';
import {
  choosePracticePorts,
  registerPracticePartner,
  requirePracticePorts,
  type PracticePorts,
} from './practice-partner.js';
import { requireRedis } from './require-redis.js';
import { issueSetupLink } from './setup-link.js';
import { superviseProcess, type SupervisedProcess } from './supervised-process.js';
import { noteOnForeignSeals } from './vault-keys.js';
import { waitUntilReady } from './wait-until-ready.js';

/** A worker may end the piece of work that it has in hand. */
const WORKER_GRACE_MS = 10_000;
/** More than the 5 s that the API gives to requests in hand, before it closes what it has open. */
const GRACE_MS = 8_000;
/** npm passes a signal on that the terminal has sent us already: a second one so soon is the same one. */
const SAME_SIGNAL_MS = 800;

interface RunningProcesses {
  api?: SupervisedProcess;
  worker?: SupervisedProcess;
  practice?: SupervisedProcess;
}

const say = (line: string): void => console.log(line);

/**
 * Runs until it is told to stop. The process ends with 0 then, and as the signal wants it where that came before
 * everything was up.
 * @throws LaunchError with what to do, after everything that was started has been stopped
 */
export async function runWaybill(config: LauncherConfig): Promise<void> {
  // A terminal that was closed, or a pipe whose reader has gone: what is still said is said to nobody.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  // First, because the port is then taken by that very Waybill.
  await requireNotRunning(config.dataFolder);
  await requireFreePort(config.port, config.host, 'WAYBILL_PORT');
  await requirePracticePorts(config);
  const processes: RunningProcesses = {};
  const told = stopSignal(() => Object.values(processes).forEach((one: SupervisedProcess) => one.kill()));
  const broken = new AbortController();
  const signal = AbortSignal.any([told, broken.signal]);
  const bringDown = (reason: string): void => broken.abort(new LaunchError(reason));
  let installation: Installation | undefined;
  let failure: unknown;
  try {
    installation = await openInstallation(config);
    await requireRedis(config, installation.database.urls.app);
    await startProcesses({ config, installation, processes, signal, bringDown });
    told.addEventListener('abort', () => (process.exitCode = 0));
    await whenAborted(signal);
    failure = broken.signal.reason;
  } catch (error) {
    failure = error;
  }
  const wasTold = told.aborted;
  if (wasTold) say('\nStopping …');
  await stopProcesses(processes);
  if (installation) await closeInstallation(installation);
  if (!wasTold) throw failure;
  say('Stopped.');
}

interface Start {
  config: LauncherConfig;
  installation: Installation;
  /** Filled one by one, so that what has been started can be stopped at any moment. */
  processes: RunningProcesses;
  /** Aborted when somebody wants it to stop, or something has brought it down. */
  signal: AbortSignal;
  bringDown: (reason: string) => void;
}

/** Starts everything and prints where it is. */
async function startProcesses(start: Start): Promise<void> {
  const { config, installation, processes, signal, bringDown } = start;
  const { folder, database } = installation;
  void database.server?.exited.then((code) =>
    bringDown(`The database ended by itself (${code ?? 'killed'}), see ${join(folder.logs, 'postgres.log')}`),
  );
  const ports = config.isProduction ? null : await choosePracticePorts(config, folder);
  signal.throwIfAborted();
  const apps = join(REPOSITORY, 'apps');
  const forApi = apiEnvironment(config, folder);
  processes.api = superviseProcess({
    title: 'The API',
    entry: join(apps, 'api/dist/main.js'),
    environment: forApi,
    mayRead: readableByApi(forApi, database.urls.app),
    logFile: join(folder.logs, 'api.log'),
    say,
    onGivenUp: bringDown,
  });
  processes.worker = superviseProcess({
    title: 'The worker',
    entry: join(apps, 'worker/dist/main.js'),
    environment: workerEnvironment(config, folder),
    mayRead: null,
    logFile: join(folder.logs, 'worker.log'),
    say,
    onGivenUp: bringDown,
  });
  const practice = ports && (await startPractice(start, ports));
  const url = consoleUrl({ ...config, publicUrl: null });
  await waitUntilReady({ url, logFile: join(folder.logs, 'api.log'), signal });
  const setupLink = await issueSetupLink(database.urls.app, consoleUrl(config));
  const foreignSeals = await noteOnForeignSeals(database.urls.app, folder);
  printAddresses(config, installation, setupLink, practice);
  for (const note of [...database.notes, foreignSeals]) if (note !== null) say(`Note: ${note}\n`);
}

/** Null where it does not come up, which is no reason not to start all else. */
async function startPractice(start: Start, ports: PracticePorts): Promise<PracticePorts | null> {
  const { config, installation, processes, signal } = start;
  const { folder } = installation;
  const logFile = join(folder.logs, 'practice.log');
  processes.practice = superviseProcess({
    title: 'The practice partner',
    entry: join(import.meta.dirname, 'practice-main.js'),
    environment: practiceEnvironment(config, folder, ports),
    mayRead: null,
    logFile,
    say,
    onGivenUp: say,
  });
  try {
    await registerPracticePartner(config, installation, { ...ports, signal });
    return ports;
  } catch (error) {
    if (!(error instanceof LaunchError) || signal.aborted) throw error;
    say(`${error.message} Waybill starts without the practice partner; its log is ${logFile}.`);
    return null;
  }
}

function printAddresses(
  config: LauncherConfig,
  { folder }: Installation,
  setupLink: string | null,
  practice: PracticePorts | null,
): void {
  const lines: [string, string][] = [['Console', consoleUrl(config)]];
  if (setupLink) lines.push(['First administrator', `${setupLink}  (works once)`]);
  if (practice) {
    const addresses = `127.0.0.1:${practice.explicit} (explicit), 127.0.0.1:${practice.implicit} (implicit)`;
    lines.push(['Practice partner', addresses]);
    lines.push(['', `user ${PRACTICE_USER}, password in ${join(folder.practice, 'password')}`]);
  }
  const isElsewhere = config.environment['WAYBILL_DATA'] !== undefined;
  const toCommands = isElsewhere ? '  (npm run waybill needs the same WAYBILL_DATA)' : '';
  lines.push(['Data folder', folder.path + toCommands], ['To stop', 'Ctrl-C']);
  say(
    [
      '',
      'Waybill is running.',
      '',
      ...lines.map(([name, value]) => `  ${name.padEnd(20)} ${value}`),
      '',
    ].join('\n'),
  );
}

/** The worker first, because it writes to all others; the API next; each of them is given its time. */
async function stopProcesses({ api, worker, practice }: RunningProcesses): Promise<void> {
  await worker?.stop(WORKER_GRACE_MS);
  await api?.stop(GRACE_MS);
  await practice?.stop(GRACE_MS);
}

/** Aborted at the first Ctrl-C (or SIGTERM); a second one calls `force`, a third one leaves everything as it is. */
function stopSignal(force: () => void): AbortSignal {
  const stop = new AbortController();
  let times = 0;
  let lastAt = -SAME_SIGNAL_MS;
  const onSignal = (name: NodeJS.Signals): void => {
    if (performance.now() - lastAt < SAME_SIGNAL_MS) return;
    lastAt = performance.now();
    times += 1;
    process.exitCode = 128 + constants.signals[name];
    if (times === 1) return stop.abort();
    if (times > 2) process.exit();
    say('Stopping by force.');
    force();
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
