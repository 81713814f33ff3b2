/** The settings between the contract, which counts in milliseconds and nulls, and a form, which people fill in. */
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import type { FieldError } from '../form.js';
import { formatCount } from '../format.js';
import { PROXY_KINDS } from '../words.js';
import {
  DEFAULT_TUNING,
  FIELD_GROUPS,
  type FieldSpec,
  type Tuning,
  type TuningName,
} from './setting-fields.js';

/** A proxy as it is entered; `none` is null. */
export interface ProxyValue {
  kind: 'none' | 'http_connect' | 'socks5';
  host: string;
  port: number | string;
  resolvesNames: boolean;
}
export type SettingValue = string | number | boolean | ProxyValue;
export type SettingValues = Record<TuningName, SettingValue>;

const SPECS = FIELD_GROUPS.flatMap(({ fields }) => fields);

export function settingValuesOf(tuning: Tuning): SettingValues {
  return Object.fromEntries(
    SPECS.map((spec) => [spec.name, toForm(spec, tuning[spec.name])]),
  ) as SettingValues;
}

export const DEFAULT_VALUES: SettingValues = settingValuesOf(DEFAULT_TUNING);

/** As the contract has them; what was left empty and cannot be is as its default. */
export function tuningOf(values: SettingValues): Tuning {
  return Object.fromEntries(SPECS.map((spec) => [spec.name, fromForm(spec, values[spec.name])])) as Tuning;
}

/** Which numbers are out of their range, as they are entered. */
export function outOfRange(values: SettingValues): FieldError[] {
  return SPECS.flatMap(({ name, input }) => {
    if (input.kind !== 'number' || values[name] === '') return [];
    const { min, max, unit } = input;
    const isWithin = Number(values[name]) >= min && Number(values[name]) <= max;
    const message = `must be ${formatCount(min)} to ${formatCount(max)}${unit === '' ? '' : ` ${unit}`}`;
    return isWithin ? [] : [{ path: `settings.${name}`, message }];
  });
}

export const isDefault = (name: TuningName, value: unknown): boolean =>
  JSON.stringify(value) === JSON.stringify(DEFAULT_TUNING[name]);

/** The names of those that are not as their default. */
export function changedFrom(base: Tuning, tuning: Tuning): TuningName[] {
  return SPECS.map(({ name }) => name).filter(
    (name) => JSON.stringify(tuning[name]) !== JSON.stringify(base[name]),
  );
}

/** What is sent: only what differs, and the three that stand beside the settings apart. */
export function tuningBody(base: Tuning, tuning: Tuning) {
  const changed = changedFrom(base, tuning);
  const pick = (names: TuningName[]) => Object.fromEntries(names.map((name) => [name, tuning[name]]));
  const settings = pick(changed.filter((name) => !BESIDE.has(name))) as Partial<FtpsSettings>;
  return {
    ...pick(changed.filter((name) => BESIDE.has(name))),
    ...(Object.keys(settings).length > 0 && { settings }),
  };
}

export const BESIDE = new Set<string>(['tlsMinVersion', 'connectTimeoutMs', 'idleTimeoutMs']);

/** A value in words: "30 s", "Off", "AUTH TLS". */
export function wordsOf(spec: FieldSpec, value: unknown): string {
  const { input } = spec;
  switch (input.kind) {
    case 'choice':
      return input.words[String(value)] ?? String(value);
    case 'yesNo':
      return value === true ? 'On' : 'Off';
    case 'number':
      return value === null
        ? (input.empty ?? '')
        : `${Number(value) / (input.scale ?? 1)}${input.unit === '' ? '' : ` ${input.unit}`}`;
    case 'text':
      return value === null || value === '' ? input.empty : (value as string);
    case 'lines':
      return (value as string[]).length === 0 ? input.empty : (value as string[]).join(', ');
    case 'proxy': {
      const proxy = value as FtpsSettings['proxy'];
      if (proxy === null) return 'None';
      return `${PROXY_KINDS[proxy.kind]}, ${proxy.host}:${proxy.port}${proxy.resolvesNames ? ', which looks up names' : ''}`;
    }
  }
}

function toForm({ input }: FieldSpec, value: unknown): SettingValue {
  switch (input.kind) {
    case 'number':
      return value === null ? '' : Number(value) / (input.scale ?? 1);
    case 'lines':
      return (value as string[]).join('\n');
    case 'proxy':
      return (value as ProxyValue | null) ?? { kind: 'none', host: '', port: '', resolvesNames: false };
    default:
      return (value ?? '') as SettingValue;
  }
}

function fromForm({ name, input }: FieldSpec, value: SettingValue): unknown {
  switch (input.kind) {
    case 'number':
      if (value === '') return DEFAULT_TUNING[name];
      return Math.round(Number(value) * (input.scale ?? 1));
    case 'text':
      return (value as string).trim() === '' ? DEFAULT_TUNING[name] : value;
    case 'lines':
      return (value as string)
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
    case 'proxy': {
      const { kind, host, port, resolvesNames } = value as ProxyValue;
      return kind === 'none'
        ? null
        : { kind, host: host.trim(), port: port === '' ? undefined : port, resolvesNames };
    }
    default:
      return value;
  }
}
