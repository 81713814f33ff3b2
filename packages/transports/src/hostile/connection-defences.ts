/** How connections are made and protected. */
import { takeOut, type Defence } from './defence.js';

const CHANNEL = 'ftps/control-channel.ts';
const GUARD = 'ftps/split-reply-guard.ts';
const LOGIN = 'ftps/log-in.ts';
const DATA = 'ftps/data-connection.ts';
const NETWORK = 'network-guard.ts';
const PORT = 'ftps/agree-on-data-port.ts';
const START_TLS = 'ftps/start-tls.ts';
const TLS_FAILURE = 'ftps/tls-failure.ts';
const TRUST = 'ftps/tls-trust.ts';

export const connectionDefences = {
  'certificates judged': takeOut(
    'A certificate is verified, on every connection.',
    TRUST,
    'rejectUnauthorized: true,',
    'rejectUnauthorized: Boolean(0),',
  ),
  'names compared': takeOut(
    'It has to be for the host, or the stated name.',
    TRUST,
    'return checkServerIdentity(identity, certificate);',
    'return undefined;',
  ),
  'few names told': takeOut(
    'Of the names in a wrong certificate only ten are looked at.',
    TLS_FAILURE,
    'candidates.slice(0, MAX_NAMES)',
    'candidates',
  ),
  'keys compared': {
    says: 'A pinned key has to be the one that is shown.',
    edits: [
      {
        file: TRUST,
        find: 'if (!pinsOf(trust.spkiSha256).has(key)) return { unknownKey: key };',
        replace: '',
      },
      { file: TRUST, find: 'if (!pins.has(key)) return new KeyNotPinnedError(key);', replace: '' },
      {
        file: TRUST,
        find: 'return [...pinsOf(trust.spkiSha256)].flatMap((pin) => pinnedCertificates.get(pin) ?? []).sort();',
        replace: 'return [...pinnedCertificates.values()].flat();',
      },
    ],
  },
  'options of its own': takeOut(
    'Every connection has its own TLS options.',
    TRUST,
    'const identity = identityOf(endpoint);',
    'const identity = ((globalThis as { first?: string }).first ??= identityOf(endpoint));',
  ),
  'AUTH is a yes': takeOut(
    'TLS has to be agreed to.',
    'ftps/secure-control.ts',
    'if (reply.code === 234 ||',
    'if (reply.code > 0 ||',
  ),
  'injected text refused': {
    says: 'A reply that nobody asked for before TLS ends the attempt.',
    edits: [
      { file: 'ftps/secure-control.ts', find: '    refuseInjectedText(session);', replace: '' },
      {
        file: CHANNEL,
        find: 'this.distrust(`the server sent a reply that nobody asked for: “${quoted}”`);',
        replace: '',
      },
    ],
  },
  'clear text forgotten': takeOut(
    'What was said before TLS is forgotten.',
    GUARD,
    'if (socket !== ftp.socket) {',
    'if (socket === null) {',
  ),
  'PROT is a yes': takeOut(
    'PBSZ and PROT have to be agreed to.',
    LOGIN,
    'if (reply.code === 200) continue;',
    'if (reply.code > 0) continue;',
  ),
  'what was agreed': takeOut(
    'Data connections are as protected as was agreed, whatever the server does.',
    DATA,
    "return facts.dataProtection === 'clear' || facts.dataProtection === 'none';",
    'return facts.dataProtection !== null;',
  ),
  'ALPN offered': takeOut(
    'It is said in the handshake that FTP is meant, which a server of another protocol refuses.',
    TRUST,
    "...(settings.sendAlpn && { ALPNProtocols: ['ftp'] }),",
    '',
  ),
  'alerts understood': takeOut(
    'What a server says of our certificate after the handshake is understood.',
    TLS_FAILURE,
    "if (failure.kind === 'connection_lost' && isAlert)",
    "if (failure.kind === 'internal' && isAlert)",
  ),
  'TLS version kept': takeOut(
    'TLS is no older than the endpoint says.',
    TRUST,
    '    minVersion,\n    maxVersion,',
    "    minVersion: 'TLSv1.2',\n    maxVersion,",
  ),
  '522 understood': takeOut(
    '522 is about protection.',
    'ftps/reply-to-failure.ts',
    '    case 522:',
    '    case 9522:',
  ),
  'sessions resumed': takeOut(
    'Data connections offer the TLS session of their control connection.',
    DATA,
    '...(isResumable && { session: session.tlsSession })',
    '',
  ),
  'handshake in time': takeOut(
    'A handshake has to be done within the time-out.',
    START_TLS,
    '}, limits.timeoutMs);',
    '}, 2 ** 30);',
  ),
  'lost handshake named': takeOut(
    'A handshake that fails is told as that.',
    START_TLS,
    'settle(tlsFailure(error, limits))',
    'settle(error as TransportError)',
  ),
  'lost data handshake may pass': {
    says: 'A data connection that is lost in the handshake may be tried again.',
    edits: [
      {
        file: TLS_FAILURE,
        find: "at.channel === 'control connection' ? 'tls_failed' : 'connection_lost'",
        replace: "'tls_failed'",
      },
      { file: 'ftps/reply-to-failure.ts', find: '    case 426:', replace: '    case 9426:' },
    ],
  },
  'own host dialled': takeOut(
    'The host in an answer to PASV is not dialled.',
    PORT,
    'return isListed ? named : { host, port: named.port };',
    'return named;',
  ),
  'ports parsed strictly': takeOut(
    'An answer to EPSV has no host.',
    'ftps/passive.ts',
    '/\\(([!-/:-~])\\1\\1(\\d{1,5})\\1\\)/',
    '/\\(([!-/:-~]).*\\1(\\d{1,5})\\1\\)/',
  ),
  'ports in range': takeOut(
    'A port is 1 to 65535.',
    'ftps/passive.ts',
    'return port >= 1 && port <= 65_535 ? port : null;',
    'return port;',
  ),
  'other way tried': takeOut(
    'Where EPSV leads nowhere PASV is tried.',
    PORT,
    'if (second === undefined || !mayTry ||',
    'if (second !== undefined || !mayTry ||',
  ),
  'closed port named': takeOut(
    'A port that cannot be reached is told with who has to act.',
    PORT,
    '...(way.proxy === null && { advice: LET_IN }),',
    '',
  ),
  'every dial guarded': {
    says: 'Every address is judged before it is dialled.',
    edits: [
      {
        file: NETWORK,
        find: 'if (!isDialable(address, port, limits.networkAllow)) {',
        replace: 'if (address === null) {',
      },
      {
        file: NETWORK,
        find: 'const permitted = found.filter((address) => isDialable(address, port, limits.networkAllow));',
        replace: 'const permitted = found;',
      },
    ],
  },
  '425 ends the session': takeOut(
    'After a 425 the session is not used again.',
    PORT,
    'if (reply.code < 500) channel.distrust(',
    'if (reply.code < 0) channel.distrust(',
  ),
  'passive answer read in one go': takeOut(
    'What reads the answer to PASV does not backtrack.',
    'ftps/passive.ts',
    '(?<!\\d)(\\d{1,3}(?:,\\d{1,3}){3})',
    '(\\d+(?:,\\d+)*,x)',
  ),
} satisfies Record<string, Defence>;
