/**
 * The hash that the server itself computes over a file: HASH (draft-bryan-ftpext-hash, never an RFC: ProFTPD,
 * FileZilla Server, Serv-U), else the older commands that each stand for one algorithm (ProFTPD, Serv-U, Cerberus,
 * GlobalSCAPE EFT). Anything but a clear answer is none.
 */
import { HASH_ALGORITHMS, type HashAlgorithm, HEX_DIGITS } from '../hash-algorithms.js';
import type { HashRequest } from '../transport.js';
import { takeHash } from './asked-ahead.js';
import type { CommandLimits } from './control-failure.js';
import type { FtpsSession } from './ftps-session.js';

/** A large file is read by the server before it answers. */
const HASH_TIMEOUT_MS = 30 * 60_000;
const LIMITS: CommandLimits = { step: 'verify', timeoutMs: HASH_TIMEOUT_MS };
/** No answer with a hash is longer, whatever the name in it. */
const MAX_LINE_CHARS = 5000;

const COMMANDS: Record<HashAlgorithm, readonly string[]> = {
  'SHA-256': ['XSHA256'],
  'SHA-512': ['XSHA512'],
  'SHA-1': ['XSHA1', 'XSHA'],
  MD5: ['XMD5', 'MD5'],
  CRC32: ['XCRC'],
};

type Features = FtpsSession['features'];

/** The algorithm to compare with, by what FEAT lists; null where it lists none. */
export function offeredAlgorithm(features: Features): HashAlgorithm | null {
  const offered = HASH_ALGORITHMS.find(
    (algorithm) => hashOffers(features, algorithm) || commandFor(features, algorithm) !== undefined,
  );
  return offered ?? null;
}

/** `SHA-1;SHA-256*;MD5`: the star marks the one that is selected. */
function hashOffers(features: Features, algorithm: HashAlgorithm): boolean {
  const names = (features.get('HASH') ?? '').toUpperCase().split(';');
  return names.some((name) => name.trim().replace(/\*$/, '') === algorithm);
}

function commandFor(features: Features, algorithm: HashAlgorithm): string | undefined {
  return COMMANDS[algorithm].find((command) => features.has(command));
}

/** As `hashByServer` of a transport, for the path as the server knows it. */
export async function hashByServer(
  session: FtpsSession,
  remote: string,
  request: HashRequest,
): Promise<string | null> {
  const { algorithm, firstBytes } = request;
  const ahead = firstBytes === undefined ? takeHash(session, { remote, algorithm }) : undefined;
  return await (ahead ?? askForHash(session, remote, request));
}

/** As `hashByServer`, asked now whatever was asked for before. The first command is given before this returns. */
export async function askForHash(
  session: FtpsSession,
  remote: string,
  { algorithm, firstBytes }: HashRequest,
): Promise<string | null> {
  const { channel, features } = session;
  const command = commandFor(features, algorithm);
  if (firstBytes !== undefined && command !== undefined) {
    const reply = await channel.command(`${command} "${remote}" 0 ${firstBytes}`, LIMITS);
    return parseBareHash(reply.message, algorithm);
  }
  if (
    hashOffers(features, algorithm) &&
    (isHashReady(session, algorithm) || (await select(session, algorithm)))
  ) {
    if (firstBytes !== undefined && !(await limitRange(session, firstBytes))) return null;
    const reply = await channel.command(`HASH ${remote}`, LIMITS);
    const hash = parseHashReply(reply.message, algorithm, firstBytes);
    if (hash !== null) return hash;
  }
  if (firstBytes !== undefined || command === undefined) return null;
  // ProFTPD takes a space for the end of a name that is not quoted.
  const name = remote.includes(' ') ? `"${remote}"` : remote;
  const reply = await channel.command(`${command} ${name}`, LIMITS);
  return parseBareHash(reply.message, algorithm);
}

/** Whether asking for it is a single command now: HASH has its algorithm chosen before. */
export function isHashReady({ features, hashSelected }: FtpsSession, algorithm: HashAlgorithm): boolean {
  return hashSelected === algorithm || !hashOffers(features, algorithm);
}

async function select(session: FtpsSession, algorithm: HashAlgorithm): Promise<boolean> {
  const reply = await session.channel.command(`OPTS HASH ${algorithm}`, {
    step: 'verify',
    timeoutMs: session.endpoint.idleTimeoutMs,
  });
  session.hashSelected = reply.code === 200 ? algorithm : null;
  return reply.code === 200;
}

/** RANG (draft-bryan-ftp-range) holds for the next command; its end is the last byte that counts. */
async function limitRange({ channel, features, endpoint }: FtpsSession, bytes: number): Promise<boolean> {
  if (!features.has('RANG')) return false;
  const limits = { step: 'verify', timeoutMs: endpoint.idleTimeoutMs } as const;
  return (await channel.command(`RANG 0 ${bytes - 1}`, limits)).code === 350;
}

/** `213 SHA-256 0-100 HEX name`; lines before it only say that the server is at work. Some tell the end, some the last byte. */
export function parseHashReply(
  message: string,
  algorithm: HashAlgorithm,
  firstBytes?: number,
): string | null {
  const [code, name, range = '', hex = ''] = wordsOfLastLine(message);
  if (code !== '213' || name?.toUpperCase() !== algorithm || !isHex(hex, algorithm)) return null;
  const [start, end] = range.split('-');
  if (start !== '0') return null;
  if (firstBytes !== undefined && end !== `${firstBytes}` && end !== `${firstBytes - 1}`) return null;
  return hex.toLowerCase();
}

/** `250 HEX`, or with the name before or behind (`251 "name" HEX`); two that could be it are none. */
export function parseBareHash(message: string, algorithm: HashAlgorithm): string | null {
  const [code = '', ...words] = wordsOfLastLine(message.replace(/"[^"\n]*"/g, ''));
  if (!/^2\d\d$/.test(code)) return null;
  if (algorithm === 'CRC32') {
    const [only = '', ...others] = words;
    // Some leave out zeros at the beginning.
    return others.length === 0 && /^[0-9a-f]{1,8}$/i.test(only) ? only.toLowerCase().padStart(8, '0') : null;
  }
  const [hex, ...others] = new Set(words.filter((word) => isHex(word, algorithm)));
  return hex !== undefined && others.length === 0 ? hex.toLowerCase() : null;
}

function wordsOfLastLine(message: string): string[] {
  const line = message.slice(message.trimEnd().lastIndexOf('\n') + 1);
  return line.length > MAX_LINE_CHARS ? [] : line.split(/[ \t\r\n]+/).filter((word) => word !== '');
}

function isHex(word: string, algorithm: HashAlgorithm): boolean {
  return word.length === HEX_DIGITS[algorithm] && /^[0-9a-f]+$/i.test(word);
}
