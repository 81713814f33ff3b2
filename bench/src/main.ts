/**
 * Measures Waybill and its peers side by side on this machine; README.md says how to read it.
 *
 *     npm run bench -- [big-file] [small-files] [memory] [--server vsftpd,proftpd] [--rounds N] [--mib N]
 *                      [--files N] [--delayed-files N] [--file-bytes N,N] [--connections N,N] [--rtt-ms N,N]
 *                      [--memory-mib N,N] [--json] [--profile FOLDER]
 */
import { parseArgs } from 'node:util';
import { MEASUREMENTS, type MeasureOptions, SERVERS, measure } from './measure.js';
import { formatResults } from './report.js';

interface Options extends MeasureOptions {
  json: boolean;
}

/** @throws Error that says which argument is wrong */
function readOptions(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      server: { type: 'string', default: SERVERS.join(',') },
      mib: { type: 'string', default: '1024' },
      files: { type: 'string', default: '500' },
      'delayed-files': { type: 'string', default: '200' },
      'file-bytes': { type: 'string', default: '4000,10000' },
      connections: { type: 'string', default: '1,4,8' },
      'rtt-ms': { type: 'string', default: '0,20' },
      'memory-mib': { type: 'string', default: '100,2048' },
      rounds: { type: 'string', default: '3' },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  const whole = (name: string, text: string, most: number, least = 1): number => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least && number <= most && text !== '') return number;
    throw new Error(`--${name}: "${text}" is not a whole number from ${least} to ${most}.`);
  };
  const wholes = (name: 'file-bytes' | 'connections' | 'rtt-ms' | 'memory-mib', most: number, least = 1) =>
    values[name]
      .split(',')
      .map((text) => whole(name, text, most, least))
      .toSorted((a, b) => a - b);
  return {
    measurements:
      positionals.length === 0 ? [...MEASUREMENTS] : choose('measurement', positionals, MEASUREMENTS),
    servers: choose('server', values.server.split(','), SERVERS),
    mib: whole('mib', values.mib, 100_000),
    files: whole('files', values.files, 100_000),
    delayedFiles: whole('delayed-files', values['delayed-files'], 100_000),
    fileBytes: wholes('file-bytes', 10_000_000),
    connections: wholes('connections', 32),
    rttMs: wholes('rtt-ms', 1000, 0),
    memoryMib: wholes('memory-mib', 100_000),
    rounds: whole('rounds', values.rounds, 99),
    json: values.json,
    profileFolder: values.profile ?? null,
  };
}

function choose<Name extends string>(what: string, asked: string[], names: readonly Name[]): Name[] {
  for (const name of asked)
    if (!names.includes(name as Name))
      throw new Error(`There is no ${what} "${name}". There are ${names.join(', ')}.`);
  return names.filter((name) => asked.includes(name));
}

let options: Options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(2);
}
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => stopping.abort(new Error(`Stopped by ${signal}.`)));
try {
  const results = await measure(options, stopping.signal, (line) => {
    process.stderr.write(`${line}\n`);
  });
  process.stdout.write(options.json ? `${JSON.stringify(results, null, 2)}\n` : formatResults(results));
  process.exitCode = results.failures.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = stopping.signal.aborted ? 130 : 1;
}
