/**
 * The fields that most endpoints leave as they are: what people call them, in which group they stand and with what they
 * are entered. What a field does is told by the contract, so that the API's documentation says the same.
 */
import type { EndpointProtocol } from '@waybill/contracts/endpoints.js';
import { endpointUpdate } from '@waybill/contracts/endpoints.js';
import type { Deviation } from '@waybill/contracts/exceptions.js';
import {
  DEFAULT_FTPS_SETTINGS,
  ENCODINGS,
  type FtpsSettings,
  ftpsSettings,
} from '@waybill/contracts/ftps-settings.js';

/** The settings, and what stands beside them in the API. */
export type Tuning = FtpsSettings & {
  tlsMinVersion: 'TLSv1.2' | 'TLSv1.3';
  connectTimeoutMs: number;
  idleTimeoutMs: number;
};
export type TuningName = keyof Tuning;

export const DEFAULT_TUNING: Tuning = {
  ...DEFAULT_FTPS_SETTINGS,
  tlsMinVersion: 'TLSv1.2',
  connectTimeoutMs: 20_000,
  idleTimeoutMs: 60_000,
};

type Input =
  | { kind: 'choice'; words: Record<string, string> }
  | { kind: 'yesNo' }
  /** `scale`: how many of the contract's unit are one of this. `empty`: what null is called. */
  | { kind: 'number'; unit: string; min: number; max: number; scale?: number; empty?: string }
  | { kind: 'text'; empty: string }
  /** One entry a line. */
  | { kind: 'lines'; empty: string }
  | { kind: 'proxy' };

export interface FieldSpec {
  name: TuningName;
  label: string;
  input: Input;
  /** With which other values it means something; always where not given. */
  when?: (at: { protocol: EndpointProtocol; tuning: Record<TuningName, unknown> }) => boolean;
  /** The value that works only under an exception. */
  weakens?: { value: string; deviation: Deviation };
}

interface FieldGroup {
  key: string;
  title: string;
  /** What is in it, while it is closed. */
  about: string;
  fields: FieldSpec[];
  isFor?: (protocol: EndpointProtocol) => boolean;
}

const seconds = (min: number, max: number) => ({ kind: 'number', unit: 's', min, max }) as const;
const timeout = (max = 3600) => ({ ...seconds(1, max), scale: 1000 });
const isEncrypted = (protocol: EndpointProtocol): boolean => protocol !== 'ftp';
const isActive: FieldSpec['when'] = ({ tuning }) => tuning.dataMode === 'active';
const named = (...hows: FtpsSettings['temporaryName'][]): FieldSpec['when'] => {
  return ({ tuning }) => hows.some((how) => how === tuning.temporaryName);
};
const TLS_WORDS = { 'TLSv1.2': 'TLS 1.2', 'TLSv1.3': 'TLS 1.3' };

export const FIELD_GROUPS: FieldGroup[] = [
  {
    key: 'connection',
    title: 'Connection',
    about: 'Time-outs, keep-alive, IP version, character set, proxy',
    fields: [
      { name: 'connectTimeoutMs', label: 'Time to connect', input: timeout(600) },
      { name: 'idleTimeoutMs', label: 'Time of silence', input: timeout(600) },
      { name: 'tcpKeepAliveSeconds', label: 'TCP keep-alive', input: seconds(0, 7200) },
      { name: 'noopSeconds', label: 'NOOP while a transfer runs', input: seconds(0, 600) },
      {
        name: 'ipFamily',
        label: 'IP version',
        input: { kind: 'choice', words: { any: 'Any', ipv4: 'IPv4 only', ipv6: 'IPv6 only' } },
      },
      {
        name: 'encoding',
        label: 'Character set',
        input: { kind: 'choice', words: Object.fromEntries(ENCODINGS.map((name) => [name, name])) },
      },
      { name: 'proxy', label: 'Proxy', input: { kind: 'proxy' } },
    ],
  },
  {
    key: 'tls',
    title: 'TLS',
    about: 'Versions, resumption, SNI, ALPN, certificate of ours',
    isFor: isEncrypted,
    fields: [
      { name: 'tlsMinVersion', label: 'TLS at least', input: { kind: 'choice', words: TLS_WORDS } },
      { name: 'tlsMaxVersion', label: 'TLS at most', input: { kind: 'choice', words: TLS_WORDS } },
      {
        name: 'tlsResumption',
        label: 'Resuming the TLS session',
        input: {
          kind: 'choice',
          words: { required: 'Required', preferred: 'Preferred', off: 'Off' },
        },
      },
      {
        name: 'authCommand',
        label: 'Asking for TLS',
        input: { kind: 'choice', words: { TLS: 'AUTH TLS', SSL: 'AUTH SSL' } },
        when: ({ protocol }) => protocol === 'ftps_explicit',
      },
      { name: 'sendServerName', label: 'Name the server (SNI)', input: { kind: 'yesNo' } },
      { name: 'sendAlpn', label: 'Say that FTP is meant (ALPN)', input: { kind: 'yesNo' } },
    ],
  },
  {
    key: 'data',
    title: 'Data connections',
    about: 'Protection, passive or active, time-outs',
    fields: [
      {
        name: 'dataProtection',
        label: 'Protection of files',
        input: { kind: 'choice', words: { private: 'Encrypted (PROT P)', clear: 'In the clear (PROT C)' } },
        when: ({ protocol }) => isEncrypted(protocol),
        weakens: { value: 'clear', deviation: 'clear_data' },
      },
      {
        name: 'dataMode',
        label: 'Opened with',
        input: {
          kind: 'choice',
          words: {
            auto: 'EPSV, else PASV',
            epsv: 'EPSV only',
            pasv: 'PASV only',
            active: 'Active: the server connects',
          },
        },
      },
      { name: 'dataTimeoutMs', label: 'Time to open', input: timeout() },
      { name: 'stallTimeoutMs', label: 'Time without a byte', input: timeout() },
      {
        name: 'passiveHosts',
        label: 'Other addresses for PASV',
        input: { kind: 'lines', empty: 'The server’s own' },
        when: ({ tuning }) => tuning.dataMode === 'auto' || tuning.dataMode === 'pasv',
      },
      {
        name: 'activeAddress',
        label: 'Our address',
        input: { kind: 'text', empty: 'Of the control connection' },
        when: isActive,
      },
      { name: 'activePortFrom', label: 'First port', input: port(), when: isActive },
      { name: 'activePortTo', label: 'Last port', input: port(), when: isActive },
    ],
  },
  {
    key: 'files',
    title: 'Files',
    about: 'Verification, temporary names, listing, type, resume',
    fields: [
      {
        name: 'verification',
        label: 'Verification',
        input: {
          kind: 'choice',
          words: {
            best: 'Best that there is',
            server_hash: 'Hash, by the server',
            read_back: 'Read back and hash',
            size: 'Size',
            none: 'None',
          },
        },
        weakens: { value: 'none', deviation: 'no_verification' },
      },
      {
        name: 'whenUncertain',
        label: 'If arrival is uncertain',
        input: { kind: 'choice', words: { ask: 'A person decides', send_again: 'Send again' } },
      },
      {
        name: 'temporaryName',
        label: 'Until complete, a file has',
        input: {
          kind: 'choice',
          words: {
            prefix: 'A prefix',
            suffix: 'A suffix',
            folder: 'Another folder',
            direct: 'Its final name',
          },
        },
      },
      {
        name: 'temporaryPrefix',
        label: 'Prefix',
        input: { kind: 'text', empty: '' },
        when: named('prefix', 'folder'),
      },
      {
        name: 'temporarySuffix',
        label: 'Suffix',
        input: { kind: 'text', empty: '' },
        when: named('prefix', 'suffix', 'folder'),
      },
      {
        name: 'temporaryFolder',
        label: 'Folder for temporary names',
        input: { kind: 'text', empty: 'None' },
        when: named('folder'),
      },
      {
        name: 'listing',
        label: 'Listing folders',
        input: { kind: 'choice', words: { auto: 'MLSD, else LIST', mlsd: 'MLSD', list: 'LIST' } },
      },
      {
        name: 'transferType',
        label: 'Transfer type',
        input: { kind: 'choice', words: { binary: 'Binary', ascii: 'ASCII' } },
        weakens: { value: 'ascii', deviation: 'no_verification' },
      },
      { name: 'resume', label: 'Go on where it stopped', input: { kind: 'yesNo' } },
      { name: 'keepModifiedTime', label: 'Keep the time of the source', input: { kind: 'yesNo' } },
    ],
  },
  {
    key: 'limits',
    title: 'Speed and limits',
    about: 'Sessions, their age, bandwidth',
    fields: [
      {
        name: 'maxConnections',
        label: 'Sessions at once',
        input: { kind: 'number', unit: '', min: 1, max: 32 },
      },
      { name: 'maxSessionAgeSeconds', label: 'Age of a session', input: seconds(10, 86_400) },
      {
        name: 'bandwidthKibPerSecond',
        label: 'Bandwidth',
        input: { kind: 'number', unit: 'KiB/s', min: 1, max: 10_000_000, empty: 'Unlimited' },
      },
    ],
  },
  {
    key: 'commands',
    title: 'Commands',
    about: 'After the login, before the end',
    fields: [
      {
        name: 'commandsAfterLogin',
        label: 'After the login',
        input: { kind: 'lines', empty: 'None' },
      },
      {
        name: 'commandsBeforeQuit',
        label: 'Before the end',
        input: { kind: 'lines', empty: 'None' },
      },
    ],
  },
];

function port() {
  return { kind: 'number', unit: '', min: 1, max: 65_535, empty: 'Any' } as const;
}

/** What a field does, in the contract's one sentence. */
export const hintOf = (spec: FieldSpec): string => inWords(spec, sentenceOf(spec.name));

/**
 * What the contract says of a field, with the words of the form for its values. Where the contract only adds in brackets
 * what a value is called, the form has it among the choices.
 */
export function inWords({ input }: FieldSpec, text: string): string {
  const words = input.kind === 'choice' ? input.words : {};
  return text
    .replaceAll(/ \(`[^`]+`\)/g, '')
    .replaceAll(/`([^`]+)`/g, (_, value: string) => `“${words[value] ?? value}”`);
}

function sentenceOf(name: TuningName): string {
  switch (name) {
    case 'tlsMinVersion':
    case 'connectTimeoutMs':
    case 'idleTimeoutMs':
      return endpointUpdate.shape[name].unwrap().description ?? '';
    default:
      return ftpsSettings.shape[name].description ?? '';
  }
}
