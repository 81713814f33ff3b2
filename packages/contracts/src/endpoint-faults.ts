/** The rules between fields of a server, for the API and for the form alike; values stand in backquotes. */
import type { ServerProtocol, TlsVersion } from './endpoints.js';
import type { FtpsSettings } from './ftps-settings.js';

/** All that the rules look at, as it would apply. */
export interface ServerFields {
  protocol: ServerProtocol;
  host: string;
  tlsMinVersion: TlsVersion;
  settings: FtpsSettings;
}

/** Whatever the protocol makes of a field, what contradicts itself is told where it is entered. */
export function faultsOf({
  protocol,
  host,
  tlsMinVersion,
  settings,
}: ServerFields): { path: string; message: string }[] {
  const { activePortFrom, activePortTo, temporaryName, temporaryFolder, transferType, verification } =
    settings;
  const faults: [name: keyof FtpsSettings, message: string][] = [];
  if (activePortFrom !== null && activePortTo === null)
    faults.push(['activePortTo', 'is needed with the first port; the same number for a single one']);
  if (activePortFrom === null && activePortTo !== null)
    faults.push(['activePortFrom', 'is needed with the last port; the same number for a single one']);
  if (activePortFrom !== null && activePortTo !== null && activePortFrom > activePortTo)
    faults.push(['activePortTo', `must not be below the first port, ${activePortFrom}`]);
  if (settings.dataMode === 'active' && settings.proxy !== null)
    faults.push(['dataMode', 'must not be `active` with a proxy: nobody can connect to us through one']);
  if (settings.ipFamily !== 'any' && settings.proxy?.resolvesNames === true)
    faults.push(['ipFamily', 'must be `any` with a proxy that looks up names: it chooses the address']);
  const family = familyOf(host);
  if (family !== null && settings.ipFamily !== 'any' && settings.ipFamily !== family)
    faults.push(['ipFamily', `must be \`any\` or \`${family}\`, as the host is the address ${host}`]);
  if (settings.authCommand === 'SSL' && protocol !== 'ftps_explicit')
    faults.push([
      'authCommand',
      'must be `TLS` where the protocol is not FTPS explicit: no other asks for TLS',
    ]);
  if (tlsMinVersion > settings.tlsMaxVersion)
    faults.push(['tlsMaxVersion', `must not be below the oldest that is accepted, \`${tlsMinVersion}\``]);
  if (temporaryName === 'folder' && temporaryFolder === null)
    faults.push(['temporaryFolder', 'is needed where temporary names are in a folder']);
  if (transferType === 'ascii' && COMPARING.has(verification))
    faults.push([
      'verification',
      'must be `best` or `none` with ASCII, in which the server changes line ends, so that nothing can be compared',
    ]);
  return faults.map(([name, message]) => ({ path: `settings.${name}`, message }));
}

/** An IPv6 form of an IPv4 address, which is dialled as such: mapped, compatible, or by NAT64. */
const WITHIN_IPV6 = /^(?:::ffff:|::|64:ff9b::)(?:[\d.]+\.\d+|[\da-f]{1,4}:[\da-f]{1,4})$/;

/** Null for a name. */
function familyOf(host: string): 'ipv4' | 'ipv6' | null {
  if (host.includes(':')) return WITHIN_IPV6.test(host) ? 'ipv4' : 'ipv6';
  return /^[\d.]+$/.test(host) ? 'ipv4' : null;
}

/** The ways of verification that insist on a comparison. */
const COMPARING = new Set<string>(['server_hash', 'read_back', 'size']);
