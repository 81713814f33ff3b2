/**
 * How Waybill speaks with a partner's server, field by field, each with the default that suits most servers and one
 * sentence for people, which OpenAPI and the console show: values stand in backquotes there, for the console to put its
 * own words in their place. What weakens protection or proof works only under an
 * exception (`deviations.ts` in the domain).
 */
import { z } from 'zod';
import { ftpCommand } from './ftp-commands.js';
import { folderPath, host, port, UNPRINTABLE } from './text.js';

const ipAddress = z.union([z.ipv4(), z.ipv6()], { error: 'must be an IP address, as in 192.0.2.10' });
const timeoutMs = z.number().int().min(1000).max(3_600_000);
/** Part of a file name: no separator, nothing unprintable, no `..`. */
const namePart = z
  .string()
  .min(1, 'must not be empty')
  .max(50)
  .refine(
    (text) => !UNPRINTABLE.test(text) && !/[/\\]/.test(text) && text !== '.' && text !== '..',
    'must be a part of a file name, without "/", "\\" and control characters',
  );

export const ENCODINGS = [
  'utf-8',
  'iso-8859-1',
  'iso-8859-15',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'cp437',
  'cp850',
  'koi8-r',
  'shift_jis',
  'euc-jp',
  'euc-kr',
  'gb18030',
  'big5',
] as const;

export const proxy = z.object({
  kind: z.enum(['http_connect', 'socks5']),
  host,
  port,
  resolvesNames: z
    .boolean()
    .describe('Whether the proxy looks up the server’s name, where this machine cannot; else Waybill does.'),
});

const fields = {
  // Connection
  authCommand: z
    .enum(['TLS', 'SSL'])
    .describe('What explicit FTPS asks for TLS with: AUTH TLS, or AUTH SSL for servers older than RFC 4217.'),
  ipFamily: z
    .enum(['any', 'ipv4', 'ipv6'])
    .describe('Which addresses of the host are dialled; `any` takes them in the order of the name service.'),
  proxy: proxy
    .nullable()
    .describe('A proxy that every connection to the server goes through; none by default.'),
  encoding: z
    .enum(ENCODINGS)
    .describe('The character set of names and messages; nearly every server speaks UTF-8.'),
  tcpKeepAliveSeconds: z
    .number()
    .int()
    .min(0)
    .max(7200)
    .describe('After so many idle seconds TCP shows a firewall that the connection lives; 0 never.'),
  noopSeconds: z
    .number()
    .int()
    .min(0)
    .max(600)
    .describe('Sends NOOP this often while a long transfer runs, for firewalls that forget; 0 never.'),
  maxConnections: z
    .number()
    .int()
    .min(1)
    .max(32)
    .describe('How many sessions a worker opens on the server at once, over all routes.'),
  maxSessionAgeSeconds: z
    .number()
    .int()
    .min(10)
    .max(86_400)
    .describe(
      'After so many seconds a session is replaced, before the server forgets its TLS session (often 300 s).',
    ),
  bandwidthKibPerSecond: z
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .nullable()
    .describe(
      'No more KiB a second than this, each way, over all sessions of a worker; unlimited by default.',
    ),
  dataTimeoutMs: timeoutMs.describe('How long opening a data connection may take.'),
  stallTimeoutMs: timeoutMs.describe('How long a transfer may go without a byte before it is given up.'),
  commandsAfterLogin: z
    .array(ftpCommand)
    .max(10)
    .describe('Commands sent once after each login, such as SITE RECFM=FB on z/OS.'),
  commandsBeforeQuit: z
    .array(ftpCommand)
    .max(10)
    .describe(
      'Commands sent before a session ends; a refusal costs no file, and a test of the connection shows it.',
    ),

  // TLS
  tlsMaxVersion: z
    .enum(['TLSv1.2', 'TLSv1.3'])
    .describe('The newest TLS that is offered; lower it only for a server that fails with TLS 1.3.'),
  sendServerName: z
    .boolean()
    .describe(
      'Tells the server in the handshake which name is meant (SNI), so that it shows the right certificate.',
    ),
  sendAlpn: z
    .boolean()
    .describe('Says in the handshake that FTP is meant (ALPN “ftp”), against mix-ups with other protocols.'),
  tlsResumption: z
    .enum(['required', 'preferred', 'off'])
    .describe(
      'Whether data connections resume the TLS session of the control connection, as most servers demand.',
    ),
  dataProtection: z
    .enum(['private', 'clear'])
    .describe(
      'Whether data connections are encrypted (PROT P). In the clear (PROT C) works only under an exception.',
    ),

  // Data connections
  dataMode: z
    .enum(['auto', 'epsv', 'pasv', 'active'])
    .describe(
      'Who opens data connections: we do, to a port that EPSV or else PASV tells (`auto`), or the server does, through our firewall and through no proxy (`active`).',
    ),
  passiveHosts: z
    .array(ipAddress)
    .max(20)
    .describe(
      'Addresses that PASV may lead to besides the server’s own; by default the address in its answer is not used, which is right behind NAT.',
    ),
  activeAddress: ipAddress
    .nullable()
    .describe(
      'In active mode, our address as the server sees it; by default that of the control connection.',
    ),
  activePortFrom: port.nullable().describe('In active mode, the first port that the server may connect to.'),
  activePortTo: port.nullable().describe('In active mode, the last port that the server may connect to.'),

  // Files
  listing: z
    .enum(['auto', 'mlsd', 'list'])
    .describe(
      'How folders are listed: with MLSD where the server offers it, else LIST (`auto`), or always with one of them.',
    ),
  transferType: z
    .enum(['binary', 'ascii'])
    .describe(
      'Whether bytes are sent as they are (`binary`). ASCII, in which the server changes line ends so that nothing can be compared, works only under an exception.',
    ),
  temporaryName: z
    .enum(['prefix', 'suffix', 'folder', 'direct'])
    .describe(
      'Under which name a file is written until it is complete: one with a prefix or suffix, in a folder, or direct under its final name, for servers that forbid renames.',
    ),
  temporaryPrefix: namePart.describe(
    'What a temporary name begins with, where it has a prefix or is in a folder.',
  ),
  temporarySuffix: namePart.describe('What a temporary name ends with.'),
  temporaryFolder: folderPath.nullable().describe('The folder for temporary names; it must exist.'),
  verification: z
    .enum(['best', 'server_hash', 'read_back', 'size', 'none'])
    .describe(
      'How a written file is compared: by the server’s hash, else its size (`best`); only by the hash (`server_hash`); by reading it again where the server has no strong hash (`read_back`); by its size; or not (`none`), which works only under an exception.',
    ),
  resume: z
    .boolean()
    .describe('Whether a transfer that was cut goes on where it stopped, after a check of what is there.'),
  whenUncertain: z
    .enum(['ask', 'send_again'])
    .describe(
      'What happens when it cannot be told whether a file arrived: a person decides, or the next try of the transfer sends it again; after the last one a person decides.',
    ),
  keepModifiedTime: z
    .boolean()
    .describe('Whether a written file gets the time of its source (MFMT), where the server can.'),
};

/** What is given when an endpoint is made or changed: any of the fields. */
export const ftpsSettingsInput = z.object(fields).partial();
export type FtpsSettingsInput = z.infer<typeof ftpsSettingsInput>;

/** All of them, as they apply. */
export const ftpsSettings = z.object(fields).meta({ id: 'FtpsSettings' });
export type FtpsSettings = z.infer<typeof ftpsSettings>;

export const DEFAULT_FTPS_SETTINGS: FtpsSettings = {
  authCommand: 'TLS',
  ipFamily: 'any',
  proxy: null,
  encoding: 'utf-8',
  tcpKeepAliveSeconds: 30,
  noopSeconds: 0,
  maxConnections: 8,
  maxSessionAgeSeconds: 240,
  bandwidthKibPerSecond: null,
  dataTimeoutMs: 20_000,
  stallTimeoutMs: 60_000,
  commandsAfterLogin: [],
  commandsBeforeQuit: [],
  tlsMaxVersion: 'TLSv1.3',
  sendServerName: true,
  sendAlpn: true,
  tlsResumption: 'preferred',
  dataProtection: 'private',
  dataMode: 'auto',
  passiveHosts: [],
  activeAddress: null,
  activePortFrom: null,
  activePortTo: null,
  listing: 'auto',
  transferType: 'binary',
  temporaryName: 'prefix',
  temporaryPrefix: '.waybill-',
  temporarySuffix: '.part',
  temporaryFolder: null,
  verification: 'best',
  resume: true,
  whenUncertain: 'ask',
  keepModifiedTime: false,
};
