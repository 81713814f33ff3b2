/**
 * Measures Waybill and its peers side by side on this machine; README.md says how to read it.
 *
 *     npm run bench -- [big-file] [small-files] [memory] [--mib N] [--files N] [--memory-mib N,N] [--rounds N]
 *                      [--server vsftpd|proftpd] [--json] [--profile FOLDER]
 */
import { parseArgs } from 'node:util';
import { MEASUREMENTS, type MeasureOptions, type Measurement, measure } from './measure.js';
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
      mib: { type: 'string', default: '1024' },
      files: { type: 'string', default: '1000' },
      'memory-mib': { type: 'string', default: '100,2048' },
      rounds: { type: 'string', default: '3' },
      server: { type: 'string', default: 'vsftpd' },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
    },
  });
  const whole = (name: string, text: string, most: number): number => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= 1 && number <= most) return number;
    throw new Error(`--${name}: "${text}" is not a whole number from 1 to ${most}.`);
  };
  for (const name of positionals)
    if (!MEASUREMENTS.includes(name as Measurement))
      throw new Error(`There is no measurement "${name}". There are ${MEASUREMENTS.join(', ')}.`);
  if (values.server !== 'vsftpd' && values.server !== 'proftpd')
    throw new Error(`--server: "${values.server}" is neither vsftpd nor proftpd.`);
  return {
    measurements: positionals.length === 0 ? [...MEASUREMENTS] : (positionals as Measurement[]),
    mib: whole('mib', values.mib, 100_000),
    files: whole('files', values.files, 100_000),
    memoryMib: values['memory-mib']
      .split(',')
      .map((text) => whole('memory-mib', text, 100_000))
      .toSorted((a, b) => a - b),
    rounds: whole('rounds', values.rounds, 99),
    server: values.server,
    json: values.json,
    profileFolder: values.profile ?? null,
  };
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
