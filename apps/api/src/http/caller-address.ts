import { isIP } from 'node:net';
import type { Request } from 'express';

/** The longest that an address is as text: IPv6 with IPv4 in it. What is longer names a zone, of any length. */
const MAX_LENGTH = 45;

/**
 * Where a request comes from, as the trusted proxies say. Some write `address:port`, which would be another address
 * for every connection; what is no address at all is not believed, and the one of the connection stands. Null where
 * the caller has gone already.
 */
export function callerAddress(request: Request): string | null {
  const said = request.ip ?? '';
  const bare = said.replace(/^\[(.*)\](?::\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
  if (bare.length <= MAX_LENGTH && isIP(bare) !== 0) return bare;
  return request.socket.remoteAddress ?? null;
}
