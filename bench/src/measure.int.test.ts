import { readdir } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { measure } from './measure.js';
import { formatResults } from './report.js';

const SMALL = {
  servers: ['vsftpd' as const],
  mib: 1,
  files: 5,
  delayedFiles: 3,
  fileBytes: [4000],
  connections: [1, 2],
  rttMs: [0],
  memoryMib: [1, 2],
  rounds: 1,
  profileFolder: null,
};

const leftovers = async () =>
  (await readdir('/var/tmp')).filter((name) => name.startsWith(`waybill-test-bench-${process.pid}-`));

test('every measurement runs on real servers, shows its ratios and leaves nothing behind', async () => {
  const results = await measure(
    { ...SMALL, measurements: ['big-file', 'small-files', 'memory'] },
    new AbortController().signal,
    () => undefined,
  );
  expect(results.failures).toEqual([]);
  const compared = results.sections.map(({ comparisons }) =>
    comparisons.map(({ direction, connections, clients }) => [
      direction,
      connections,
      ...clients.map(({ client }) => client),
    ]),
  );
  expect(compared).toEqual([
    [
      ['upload', null, 'Waybill', 'curl', 'lftp'],
      ['download', null, 'Waybill', 'curl', 'lftp'],
    ],
    [1, 2].flatMap((connections) => [
      ['upload', connections, 'Waybill', 'Waybill, TLS 1.3', 'lftp'],
      ['download', connections, 'Waybill', 'lftp'],
    ]),
  ]);
  expect(results.memory?.peaks.map(({ mib }) => mib)).toEqual([1, 2]);
  const text = formatResults(results);
  expect(text).toMatch(/\d cores .*Node 24\.\d+\.\d+ .*vsftpd 3\.\d/);
  expect(text).toMatch(/curl .*\d\.\d\d x curl/);
  expect(await leftovers()).toEqual([]);
});

test('a measurement that is stopped says so and leaves nothing behind', async () => {
  const stopping = new AbortController();
  const running = measure({ ...SMALL, measurements: ['big-file'] }, stopping.signal, () =>
    stopping.abort(new Error('Stopped by SIGINT.')),
  );
  await expect(running).rejects.toThrow('Stopped by SIGINT.');
  expect(await leftovers()).toEqual([]);
});
