/** What a server's refusal means: its reply code and words as a kind of failure and one sentence to act on. */
import type { FailureKind, StepName } from '@waybill/contracts/session-facts.js';
import { cleanText } from '../clean-text.js';
import { TransportError } from '../transport-error.js';

/** One complete reply of the server (RFC 959 section 4.2); several lines are joined with `\n`. */
export interface Reply {
  code: number;
  message: string;
  /** The message with our secrets masked, for people: a server may repeat the password that it was told. */
  shown?: string;
}

export interface RefusedCommand {
  step: StepName;
  /** What was attempted, to go after "The server refused to" or "could not": `read /in/a.csv`. */
  action: string;
  /** What a bare 550 or 553 means for this command; those two stand for everything from absence to quota. */
  bare550: 'not_found' | 'permission_denied';
  /** Whether its data connection has TLS and does not resume the session, as the endpoint wants it. */
  resumptionOff?: boolean;
  /** Whether its data connection has no TLS, as the endpoint wants it (PROT C). */
  inClear?: boolean;
}

const NOT_FOUND =
  /no such|not (?:be )?found|does ?n[o']t exist|cannot find|can't find|could not find|unable to find/i;
const DENIED =
  /permission|denied|not allowed|prohibited|forbidden|read.?only|not authori[sz]ed|not permitted/i;
const EXISTS = /already exists|file exists|exists already|cannot create a file when/i;
const FULL = /quota|no space|disk (?:is )?full|insufficient|not enough space|exceeded storage/i;
/** What servers say when an account or a host has as many sessions as it may, often with the code of a wrong password. */
const ALL_TAKEN =
  /(?:too many|maximum|more than|exceed).{0,60}?\b(?:users?|clients?|hosts?|connections?|sessions?|login limit)\b|already (?:connected|logged in)/i;
/** What makes of such words one about the account, which each further try may lock for longer. */
const AGAINST_US = /fail|attempt|authenti|password|incorrect|invalid|wrong|bad|lock|block|\bban/i;
const BAD_NAME = /(?:illegal|invalid|bad|not a valid|unacceptable) (?:file ?|path ?)?name|name not allowed/i;

/** What servers say of a data connection that resumes no session; ProFTPD says no more than EPERM. */
const WANTS_RESUMPTION =
  /^522|^4(?:25|50)\b(?:(?=.*\b(?:tls|ssl|session))(?=.*(?:re-?us|resum))|.*build data connection: operation not permitted)/is;

/** What servers say of a data connection without TLS where they insist on it (RFC 4217 section 9). */
const WANTS_TLS = /^(?:52[12]|53[3-6])\b/;

/** What a server says to a command that it does not have (RFC 959 section 4.2.2). */
export const NOT_KNOWN: ReadonlySet<number> = new Set([500, 502, 504]);

/** The steps before anybody can have been logged out. */
const IS_OPENING: ReadonlySet<StepName> = new Set(['connect', 'tls', 'login', 'protect']);

/** What to do, per kind; goes after the server's own words. */
const ADVICE: Partial<Record<FailureKind, string>> = {
  login_refused: 'Check user name and password with the partner; the account may also be locked.',
  permission_denied: 'Ask the partner to give the account the right to do this in that folder.',
  not_found: 'Check the path; ask the partner whether the file or folder has been moved.',
  target_exists: 'Remove or rename the existing file, or let the route replace it.',
  target_full: 'Ask the partner to make room or to raise the quota.',
  name_refused: 'Change the name under which the route delivers.',
  server_busy: 'The server asks to try again later.',
  protection_refused: 'Ask the partner to allow encrypted data connections (PROT P) with session reuse.',
  connection_lost: 'If it repeats, ask the partner to look at the server and its firewall.',
  protocol_error: 'Ask the partner which commands the server supports.',
  server_error: 'Ask the partner to look at the log of the server.',
};

const RESUME =
  'The server demands that data connections resume the TLS session, and the endpoint has TLS session resumption set ' +
  'to off: set it to preferred.';

const PROTECT =
  'The server demands that data connections are encrypted, and the endpoint has them in the clear: set its protection ' +
  'of files to encrypted (PROT P).';

/** The kind of failure that a reply of 400 and above stands for (RFC 959 section 4.2.2, RFC 4217). */
export function kindOfReply(reply: Reply, command: Pick<RefusedCommand, 'step' | 'bare550'>): FailureKind {
  const { code, message } = reply;
  if (code === 530 && ALL_TAKEN.test(message) && !AGAINST_US.test(message)) return 'server_busy';
  if (command.step === 'login')
    return code === 421 ? 'server_busy' : code < 500 && code !== 430 ? 'server_error' : 'login_refused';
  switch (code) {
    case 421:
    case 450:
    case 434:
      return code === 450 && NOT_FOUND.test(message) ? 'not_found' : 'server_busy';
    case 425:
    case 426:
      return 'connection_lost';
    case 452:
    case 552:
      return 'target_full';
    case 522: // vsftpd: "session reuse required"; RFC 2428's 522 to EPRT is made a 504 before
    case 533:
    case 534:
    case 535:
    case 536:
      return 'protection_refused';
    case 530: // it has logged us out; what it does not allow has other codes
      return IS_OPENING.has(command.step) ? 'permission_denied' : 'connection_lost';
    case 532:
      return 'permission_denied';
    case 501:
      return NOT_FOUND.test(message) ? 'not_found' : 'protocol_error';
    case 500:
    case 502:
    case 503:
    case 504:
      return 'protocol_error';
    case 451:
    case 550:
    case 551:
    case 553:
      return kindByWords(reply, command.bare550);
    default:
      return 'server_error';
  }
}

function kindByWords({ code, message }: Reply, bare550: RefusedCommand['bare550']): FailureKind {
  if (FULL.test(message)) return 'target_full';
  if (EXISTS.test(message)) return 'target_exists';
  if (NOT_FOUND.test(message)) return 'not_found';
  if (BAD_NAME.test(message)) return 'name_refused';
  if (DENIED.test(message)) return 'permission_denied';
  return code === 451 || code === 551 ? 'server_error' : bare550;
}

/** The server's words for people: one line, clean, at most 300 characters. */
export function quoteReply(reply: Reply): string {
  const words = (reply.shown ?? reply.message)
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
  return cleanText(words, 300);
}

/** The same in quotes, as the end of a sentence. */
export function endWithReply(reply: Reply): string {
  const words = quoteReply(reply);
  return /[.!?]$/.test(words) ? `“${words}”` : `“${words}”.`;
}

/** What to do where the server refuses what the endpoint is set to; null where that is not why. */
function settingToChange({ message }: Reply, { resumptionOff, inClear }: RefusedCommand): string | null {
  if (resumptionOff === true && WANTS_RESUMPTION.test(message)) return RESUME;
  return inClear === true && WANTS_TLS.test(message) ? PROTECT : null;
}

/** The error for a command that the server refused, or broke off: who reads "refused" looks for missing rights. */
export function replyToFailure(reply: Reply, command: RefusedCommand): TransportError {
  const setting = settingToChange(reply, command);
  const kind = setting === null ? kindOfReply(reply, command) : 'setting_refused';
  const advice = setting ?? ADVICE[kind] ?? '';
  return new TransportError(
    kind,
    command.step,
    `The server ${kind === 'connection_lost' ? 'could not' : 'refused to'} ${command.action}: ${endWithReply(reply)} ${advice}`.trimEnd(),
    { cause: { code: reply.code, message: reply.shown ?? reply.message } satisfies Reply },
  );
}

/** The reply that a failure was made of, or null where the server said nothing. */
export function refusalOf(error: unknown): Reply | null {
  const cause = error instanceof TransportError ? error.cause : undefined;
  return typeof (cause as Reply | undefined)?.code === 'number' ? (cause as Reply) : null;
}
