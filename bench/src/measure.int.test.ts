import { readdir } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { measure } from './measure.js';
import { formatResults } from './report.js';

const SMALL = {
  mib: 1,
  files: 5,
  memoryMib: [1, 2],
  rounds: 1,
  server: 'vsftpd',
  profileFolder: null,
} as const;

const leftovers = async () =>
  (await readdir('/var/tmp')).filter((name) => name.startsWith(`waybill-test-bench-${process.pid}-`));

test('every measurement runs on real servers, shows its ratios and leaves nothing behind', async () => {
  const results = await measure(
    { ...SMALL, memoryMib: [1, 2], measurements: ['big-file', 'small-files', 'memory'] },
    new AbortController().signal,
    () => undefined,
  );
  expect(results.failures).toEqual([]);
  const clients = (comparisons: { direction: string; clients: { client: string }[] }[] = []) =>
    comparisons.map((one) => [one.direction, ...one.clients.map(({ client }) => client)]);
  expect(clients(results.bigFile?.comparisons)).toEqual([
    ['upload', 'Waybill', 'curl', 'lftp'],
    ['download', 'Waybill', 'curl', 'lftp'],
  ]);
  expect(clients(results.smallFiles?.comparisons)).toEqual([
    ['upload', 'Waybill', 'lftp -P4'],
    ['download', 'Waybill', 'lftp -P4'],
  ]);
  expect(results.memory?.peaks.map(({ mib }) => mib)).toEqual([1, 2]);
  const text = formatResults(results);
  expect(text).toMatch(/\d cores .*Node 24\.\d+\.\d+ .*vsftpd 3\.\d/);
  expect(text).toMatch(/curl .*\d\.\d\d x curl/);
  expect(await leftovers()).toEqual([]);
});

test('a measurement that is stopped says so and leaves nothing behind', async () => {
  const stopping = new AbortController();
  const running = measure({ ...SMALL, memoryMib: [1, 2], measurements: ['big-file'] }, stopping.signal, () =>
    stopping.abort(new Error('Stopped by SIGINT.')),
  );
  await expect(running).rejects.toThrow('Stopped by SIGINT.');
  expect(await leftovers()).toEqual([]);
});
