/** Every enumerated value in words, with the tone and the shape that tell it apart without colour. */
import type { ActorKind } from '@waybill/contracts/audit-events.js';
import type { EndpointProtocol } from '@waybill/contracts/endpoints.js';
import type { Deviation, ExceptionState } from '@waybill/contracts/exceptions.js';
import type { Permission, Role } from '@waybill/contracts/permissions.js';
import type { FailureKind, Side, StepName } from '@waybill/contracts/session-facts.js';
import type { TransferCause, TransferFileState, TransferState } from '@waybill/contracts/transfers.js';
import type { TrustMode } from '@waybill/contracts/trust.js';
import type { MarkLook } from './ui/mark.js';

export const TRANSFER_STATES: Record<TransferState, MarkLook> = {
  queued: { word: 'Queued', tone: 'mute', shape: 'ring' },
  running: { word: 'Running', tone: 'accent', shape: 'half' },
  waiting: { word: 'Waiting', tone: 'warn', shape: 'clock' },
  held: { word: 'Held', tone: 'warn', shape: 'pause' },
  succeeded: { word: 'Succeeded', tone: 'ok', shape: 'check' },
  partial: { word: 'Partial', tone: 'warn', shape: 'part' },
  failed: { word: 'Failed', tone: 'bad', shape: 'cross' },
  cancelled: { word: 'Cancelled', tone: 'mute', shape: 'slash' },
};

export const FILE_STATES: Record<TransferFileState, MarkLook> = {
  planned: { word: 'Planned', tone: 'mute', shape: 'ring' },
  moving: { word: 'Moving', tone: 'accent', shape: 'half' },
  delivered: { word: 'Delivered', tone: 'ok', shape: 'check' },
  failed: { word: 'Failed', tone: 'bad', shape: 'cross' },
  skipped: { word: 'Skipped', tone: 'mute', shape: 'slash' },
  uncertain: { word: 'Uncertain', tone: 'warn', shape: 'question' },
};

export const ATTEMPT_OUTCOMES: Record<'delivered' | 'failed' | 'cancelled' | 'uncertain', MarkLook> = {
  delivered: { word: 'Delivered', tone: 'ok', shape: 'check' },
  failed: { word: 'Failed', tone: 'bad', shape: 'cross' },
  cancelled: { word: 'Cancelled', tone: 'mute', shape: 'slash' },
  uncertain: { word: 'Uncertain', tone: 'warn', shape: 'question' },
};

export const TEST_STATES: Record<'queued' | 'running' | 'passed' | 'failed', MarkLook> = {
  queued: { word: 'Waiting for a worker', tone: 'mute', shape: 'ring' },
  running: { word: 'Running', tone: 'accent', shape: 'half' },
  passed: { word: 'Passed', tone: 'ok', shape: 'check' },
  failed: { word: 'Failed', tone: 'bad', shape: 'cross' },
};

export const OUTCOMES: Record<'succeeded' | 'failed' | 'denied', MarkLook> = {
  succeeded: { word: 'Succeeded', tone: 'ok', shape: 'check' },
  failed: { word: 'Failed', tone: 'bad', shape: 'cross' },
  denied: { word: 'Denied', tone: 'warn', shape: 'slash' },
};

export const ON: MarkLook = { word: 'On', tone: 'ok', shape: 'check' };
export const OFF: MarkLook = { word: 'Off', tone: 'mute', shape: 'slash' };
export const HELD: MarkLook = { word: 'Held', tone: 'warn', shape: 'pause' };

/** The look of a state that comes as plain text. */
export const transferLook = (state: string): MarkLook =>
  TRANSFER_STATES[state as TransferState] ?? { word: state, tone: 'mute', shape: 'ring' };

export const CAUSES: Record<TransferCause, string> = {
  schedule: 'Schedule',
  manual: 'By hand',
  api: 'API',
  resend: 'Sent again',
};

export const VERIFIED: Record<string, string> = {
  server_hash: 'Hash, by the server',
  read_back: 'Read back and hashed',
  size: 'Size',
  none: 'Not verified',
  compared: 'Compared after a lost worker',
};
/** "SHA-256 of the server", "Read back and hashed, SHA-256", "Size". */
export function verifiedWords(verification: string, algorithm: string | null): string {
  if (verification === 'server_hash' && algorithm !== null) return `${algorithm} of the server`;
  const words = VERIFIED[verification] ?? verification;
  return algorithm === null ? words : `${words}, ${algorithm}`;
}

export const PROTOCOLS: Record<EndpointProtocol, string> = {
  ftps_explicit: 'FTPS explicit',
  ftps_implicit: 'FTPS implicit',
  ftps_implicit_zos: 'FTPS implicit, z/OS',
  ftp: 'FTP, not encrypted',
  local_folder: 'Local folder',
};

export const PROXY_KINDS = { http_connect: 'HTTP CONNECT', socks5: 'SOCKS5' };

/** What weakens protection or proof: as a mark, said of an endpoint, and where it is chosen. */
export const WEAKENING: Record<Deviation, { word: string; says: string; warning: string }> = {
  plain_ftp: {
    word: 'Not encrypted',
    says: 'Nothing is encrypted (plain FTP): everybody on the way can read and change the files, and read the password.',
    warning:
      'Nothing is encrypted, the password included. It works only under an exception: save, then ask for one on the page of the endpoint.',
  },
  clear_data: {
    word: 'Files not encrypted',
    says: 'Files and listings go in the clear (PROT C): everybody on the way can read and change them. The password is encrypted.',
    warning:
      'Files go in the clear. It works only under an exception: save, then ask for one on the page of the endpoint.',
  },
  no_verification: {
    word: 'Not verified',
    says: 'Written files are not compared: that they are there, and whole, is only what the server says.',
    warning:
      'Nothing is compared. It works only under an exception: save, then ask for one on the page of the endpoint.',
  },
};

export const EXCEPTION_STATES: Record<ExceptionState, MarkLook> = {
  requested: { word: 'Waits for approval', tone: 'warn', shape: 'clock' },
  in_force: { word: 'In force', tone: 'ok', shape: 'check' },
  expired: { word: 'Expired', tone: 'mute', shape: 'cross' },
  ended: { word: 'Ended', tone: 'mute', shape: 'slash' },
};

export const TRUST_MODES: Record<TrustMode, string> = {
  system_cas: 'Public CAs',
  chosen_cas: 'Chosen CAs',
  pinned_keys: 'Pinned keys',
};

export const ROLE_WORDS: Record<Role, string> = {
  administrator: 'Administrator',
  operator: 'Operator',
  auditor: 'Auditor',
};
export const ROLE_STORIES: Record<Role, string> = {
  administrator: 'May do everything, also users, API keys and the network.',
  operator: 'Sets up partners and runs transfers; does not manage people.',
  auditor: 'Reads everything, changes nothing.',
};

export const ACTOR_KINDS: Record<ActorKind, string> = {
  user: 'Person',
  api_key: 'API key',
  system: 'Waybill',
  cli: 'Command line',
  anonymous: 'Nobody signed in',
};

export const STEPS: Record<StepName, string> = {
  resolve: 'Resolve name',
  connect: 'Connect',
  tls: 'Secure with TLS',
  login: 'Log in',
  protect: 'Protect data',
  list: 'List folder',
  transfer: 'Transfer bytes',
  confirm: 'Confirm',
  verify: 'Verify',
  rename: 'Rename',
  cleanup: 'Clean up',
};

/** "transfer_file.after_action_done" as people read it: "Transfer file after action done". */
export function actionWords(action: string): string {
  const text = action.replace(/[._]/g, ' ').replace(/\bapi\b/, 'API');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const FAILURES: Record<FailureKind | 'endpoint_held' | 'route_held', string> = {
  endpoint_held: 'Endpoint on hold',
  route_held: 'Route on hold',
  address_refused: 'Address not allowed',
  name_not_resolved: 'Host name not found',
  connect_failed: 'No connection',
  connect_timeout: 'No answer in time',
  tls_failed: 'TLS failed',
  certificate_untrusted: 'Certificate not trusted',
  certificate_expired: 'Certificate expired',
  certificate_wrong_host: 'Certificate for another host',
  client_certificate_refused: 'Our certificate not taken',
  protection_refused: 'Protection refused',
  setting_refused: 'Setting not taken',
  exception_needed: 'Exception needed',
  proxy_failed: 'Proxy failed',
  login_refused: 'Login refused',
  secret_unavailable: 'Password not available',
  permission_denied: 'Permission denied',
  not_found: 'File or folder not found',
  name_refused: 'File name refused',
  listing_too_large: 'Listing too large',
  server_busy: 'Server busy',
  server_error: 'Server error',
  protocol_error: 'Not a valid answer',
  connection_lost: 'Connection lost',
  stalled: 'Gone silent',
  truncated: 'Cut short',
  size_mismatch: 'Size differs',
  hash_mismatch: 'Hash differs',
  verification_unavailable: 'Cannot be verified',
  source_changed: 'Source changed',
  target_exists: 'Target exists',
  target_full: 'Target full',
  local_io: 'Local folder failed',
  cancelled: 'Cancelled',
  worker_lost: 'Worker lost',
  worker_stopped: 'Stopped with Waybill',
  internal: 'Fault on our side',
};
export const failureWords = (kind: string | null): string =>
  kind === null ? 'Failed' : (FAILURES[kind as keyof typeof FAILURES] ?? actionWords(kind));
/** The same with the end at which it failed, which some words name already. */
export function failureWordsAt(kind: string | null, side: Side | undefined): string {
  const words = failureWords(kind);
  return side === undefined || words.toLowerCase().startsWith(side) ? words : `${words}, at the ${side}`;
}

/** What a person does about a failure, where, and what they must be permitted for it. */
export interface Remedy {
  text: string;
  at: 'endpointForm' | 'endpoint' | 'exception' | 'network' | 'route' | 'again';
  /** The field of the endpoint's form that it is about. */
  field?: 'password' | 'trust.mode' | 'trust.serverName' | 'clientCertificateId';
  needs: Permission;
}
export function remedyFor(kind: string | null): Remedy {
  switch (kind) {
    case 'login_refused':
    case 'secret_unavailable':
      return { text: 'Change the password', at: 'endpointForm', field: 'password', needs: 'endpoint:write' };
    case 'certificate_untrusted':
      return { text: 'Change the trust', at: 'endpointForm', field: 'trust.mode', needs: 'endpoint:write' };
    case 'certificate_wrong_host':
      return {
        text: 'Change the trust',
        at: 'endpointForm',
        field: 'trust.serverName',
        needs: 'endpoint:write',
      };
    case 'exception_needed':
      return { text: 'Ask for an exception', at: 'exception', needs: 'exception:request' };
    case 'client_certificate_refused':
      return {
        text: 'Change the certificate',
        at: 'endpointForm',
        field: 'clientCertificateId',
        needs: 'endpoint:write',
      };
    case 'setting_refused':
      return { text: 'Change the settings', at: 'endpointForm', needs: 'endpoint:write' };
    case 'endpoint_held':
      return { text: 'Release the endpoint', at: 'endpoint', needs: 'endpoint:write' };
    case 'address_refused':
      return { text: 'Allow the address', at: 'network', needs: 'network:write' };
    case 'route_held':
      return { text: 'Release the route', at: 'route', needs: 'route:write' };
    case 'route_disabled':
      return { text: 'Enable the route', at: 'route', needs: 'route:write' };
    // The partner grants permissions; the route tells for which folder.
    case 'permission_denied':
      return { text: 'Open the route', at: 'route', needs: 'route:write' };
    case 'not_found':
    case 'target_exists':
    case 'name_refused':
    case 'listing_too_large':
      return { text: 'Check the route', at: 'route', needs: 'route:write' };
    case 'name_not_resolved':
    case 'connect_failed':
    case 'connect_timeout':
    case 'tls_failed':
    case 'protection_refused':
    case 'certificate_expired':
      return { text: 'Test the endpoint', at: 'endpoint', needs: 'endpoint:test' };
    default:
      return { text: 'Send again', at: 'again', needs: 'transfer:start' };
  }
}
