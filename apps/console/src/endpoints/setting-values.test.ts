import { expect, test } from '@jest/globals';
import { endpointUpdate } from '@waybill/contracts/endpoints.js';
import { DEFAULT_FTPS_SETTINGS } from '@waybill/contracts/ftps-settings.js';
import { DEFAULT_TUNING, FIELD_GROUPS, hintOf } from './setting-fields.js';
import {
  DEFAULT_VALUES,
  type SettingValues,
  changedFrom,
  outOfRange,
  tuningBody,
  tuningOf,
  wordsOf,
} from './setting-values.js';

const fields = FIELD_GROUPS.flatMap((group) => group.fields);
const entered = (values: Partial<SettingValues>) => tuningOf({ ...DEFAULT_VALUES, ...values });

test('every setting of the contract has its field, once, with a label and the sentence of the contract', () => {
  const names = fields.map(({ name }) => name);
  expect(names.toSorted()).toEqual(Object.keys(DEFAULT_TUNING).toSorted());
  expect(names).toEqual(expect.arrayContaining(Object.keys(DEFAULT_FTPS_SETTINGS)));
  for (const spec of fields) expect(hintOf(spec)).toMatch(/^[A-Za-z].*\.$/);
  expect(new Set(fields.map(({ label }) => label)).size).toBe(names.length);
});

test('what a field does is told in the words of its form, not with the values of the API', () => {
  for (const spec of fields) {
    expect(hintOf(spec)).not.toMatch(/`|_|TLSv/);
    const { input } = spec;
    const values = input.kind === 'choice' ? Object.keys(input.words) : [];
    for (const value of values) expect(hintOf(spec)).not.toMatch(new RegExp(`[(“]${value}[)”]`));
  }
  const hint = (name: string) => hintOf(fields.find((spec) => spec.name === name)!);
  expect(hint('ipFamily')).toContain('“Any” takes them');
  expect(hint('verification')).toContain('only by the hash; by reading it again');
});

test('every choice of the contract is told in words', () => {
  expect(fields.filter((spec) => wordsOf(spec, DEFAULT_TUNING[spec.name]) === undefined)).toEqual([]);
  for (const { name, input } of fields)
    if (input.kind === 'choice') expect(Object.keys(input.words)).toContain(DEFAULT_TUNING[name]);
  const proxy = { kind: 'socks5', host: 'proxy.example', port: 1080, resolvesNames: true };
  const spec = fields.find(({ name }) => name === 'proxy')!;
  expect(wordsOf(spec, proxy)).toBe('SOCKS5, proxy.example:1080, which looks up names');
});

test('what was not touched is as it was, and nothing of it is sent', () => {
  expect(tuningOf(DEFAULT_VALUES)).toEqual(DEFAULT_TUNING);
  expect(tuningBody(DEFAULT_TUNING, tuningOf(DEFAULT_VALUES))).toEqual({});
});

test('people enter seconds, lines and nothing; the contract has milliseconds, lists and null', () => {
  const tuning = entered({
    dataTimeoutMs: 2.5,
    connectTimeoutMs: 30,
    passiveHosts: ' 192.0.2.1 \n\n192.0.2.2',
    bandwidthKibPerSecond: '',
    activeAddress: ' ',
    noopSeconds: '',
    proxy: { kind: 'socks5', host: ' proxy.example ', port: 1080, resolvesNames: true },
  });
  expect(tuning).toMatchObject({
    dataTimeoutMs: 2500,
    connectTimeoutMs: 30_000,
    passiveHosts: ['192.0.2.1', '192.0.2.2'],
    bandwidthKibPerSecond: null,
    activeAddress: null,
    noopSeconds: 0,
    proxy: { kind: 'socks5', host: 'proxy.example', port: 1080, resolvesNames: true },
  });
  expect(changedFrom(DEFAULT_TUNING, tuning)).toHaveLength(4);
  expect(tuningBody(DEFAULT_TUNING, tuning)).toEqual({
    connectTimeoutMs: 30_000,
    settings: {
      dataTimeoutMs: 2500,
      passiveHosts: ['192.0.2.1', '192.0.2.2'],
      proxy: { kind: 'socks5', host: 'proxy.example', port: 1080, resolvesNames: true },
    },
  });
});

test('a number out of its range is told with its limits, in the unit that it is entered in', () => {
  const entered = { connectTimeoutMs: 601, tcpKeepAliveSeconds: -1, maxConnections: 33, activePortFrom: 1 };
  expect(outOfRange({ ...DEFAULT_VALUES, ...entered })).toEqual([
    { path: 'settings.connectTimeoutMs', message: 'must be 1 to 600 s' },
    { path: 'settings.tcpKeepAliveSeconds', message: 'must be 0 to 7,200 s' },
    { path: 'settings.maxConnections', message: 'must be 1 to 32' },
  ]);
  expect(outOfRange(DEFAULT_VALUES)).toEqual([]);
});

test('the limits of the fields are those of the contract', () => {
  for (const { name, input } of fields) {
    if (input.kind !== 'number') continue;
    const takes = (value: number): boolean =>
      endpointUpdate.safeParse(tuningBody(DEFAULT_TUNING, entered({ [name]: value }))).success;
    const [step, { min, max }] = [input.scale === undefined ? 1 : 0.001, input];
    expect([name, takes(min), takes(max), takes(min - step), takes(max + step)]).toEqual([
      name,
      true,
      true,
      false,
      false,
    ]);
  }
});

test('what goes back to its default is sent as well', () => {
  const stored = { ...DEFAULT_TUNING, noopSeconds: 60, tlsMinVersion: 'TLSv1.3' as const };
  expect(tuningBody(stored, DEFAULT_TUNING)).toEqual({
    tlsMinVersion: 'TLSv1.2',
    settings: { noopSeconds: 0 },
  });
});
