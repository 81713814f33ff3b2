/** Reading where the server opened its passive port (RFC 959 section 4.1.2, RFC 2428 section 3). */

/** The port of a 229 reply, as in `229 Entering Extended Passive Mode (|||6446|)`; null where unusable. */
export function parseEpsvPort(reply: string): number | null {
  // Some servers (IBM i) use "!" as the delimiter; RFC 2428 allows any character from 33 to 126.
  const match = /\(([!-/:-~])\1\1(\d{1,5})\1\)/.exec(reply);
  return match === null ? null : validPort(Number(match[2]));
}

/**
 * The host and port of a 227 reply, as in `227 Entering Passive Mode (192,168,1,2,10,229)`; null where unusable. The
 * host is dialled only where the endpoint lists it: behind NAT it is wrong, and a hostile server names somebody else's.
 */
export function parsePasvTarget(reply: string): { host: string; port: number } | null {
  const match = /(?<!\d)(\d{1,3}(?:,\d{1,3}){3}),(\d{1,3}),(\d{1,3})(?!\d)/.exec(reply);
  if (match === null) return null;
  const [high, low] = [Number(match[2]), Number(match[3])];
  const port = high > 255 || low > 255 ? null : validPort(high * 256 + low);
  return port === null ? null : { host: match[1]!.split(',').map(Number).join('.'), port };
}

function validPort(port: number): number | null {
  return port >= 1 && port <= 65_535 ? port : null;
}
