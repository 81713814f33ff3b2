/** Who has to act on a failure: the first question of whoever is called about one. */
import { z } from 'zod';
import type { FailureKind } from './session-facts.js';

export const whoActs = z
  .enum(['us', 'partner', 'network'])
  .nullable()
  .describe(
    'Who has to act first: us (who set up Waybill), the partner, or network (whoever runs the network and the firewalls on the way). Null where nobody has to, or it may pass by itself.',
  );
export type WhoActs = z.infer<typeof whoActs>;

export const WHO_ACTS: Record<NonNullable<WhoActs>, string> = {
  us: 'It is ours to mend.',
  partner: 'The partner has to act.',
  network: 'Whoever runs the network and the firewalls on the way has to look first, then the partner.',
};

const AT_SERVER: Record<FailureKind, WhoActs> = {
  address_refused: 'us',
  name_not_resolved: 'us',
  connect_failed: 'network',
  connect_timeout: 'network',
  tls_failed: 'partner',
  certificate_untrusted: 'us',
  certificate_expired: 'partner',
  certificate_wrong_host: 'us',
  client_certificate_refused: 'us',
  protection_refused: 'partner',
  setting_refused: 'us',
  exception_needed: 'us',
  proxy_failed: 'network',
  login_refused: 'us',
  secret_unavailable: 'us',
  permission_denied: 'partner',
  not_found: 'us',
  name_refused: 'us',
  listing_too_large: 'partner',
  server_busy: null,
  server_error: 'partner',
  protocol_error: 'partner',
  connection_lost: 'network',
  stalled: 'network',
  truncated: 'partner',
  size_mismatch: 'partner',
  hash_mismatch: 'partner',
  verification_unavailable: 'us',
  source_changed: null,
  target_exists: 'us',
  target_full: 'partner',
  local_io: 'us',
  cancelled: null,
  worker_lost: 'us',
  worker_stopped: null,
  internal: 'us',
};

/**
 * @param kind of the failure; what is no kind of a transport's (a hold, a route that is disabled) is ours to mend
 * @param isLocal whether it failed at a folder of ours, where no partner can help
 */
export function whoHasToAct(kind: string | null, { isLocal }: { isLocal: boolean }): WhoActs {
  if (kind === null) return null;
  const who = Object.hasOwn(AT_SERVER, kind) ? AT_SERVER[kind as FailureKind] : 'us';
  return isLocal && who === 'partner' ? 'us' : who;
}
