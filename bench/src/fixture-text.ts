/** The texts of the made-up installation: names of 60 characters, and what a session leaves behind. */
import type { ConnectionFacts, DialogueLine, TimelineStep } from '@waybill/contracts/session-facts.js';

const PLACES = [
  'Zürich',
  'Genève',
  'København',
  'München',
  'Łódź',
  'São Paulo',
  'Reykjavík',
  'Istanbul',
  'Malmö',
  'Bern',
];
const TRADES = [
  'Kantonalbank',
  'Rückversicherung',
  'Logistics Partners',
  'Pharmaceuticals',
  'Energy Trading',
  'Clearing House',
];
const FORMS = [
  'Aktiengesellschaft',
  'International Holdings',
  'and Associates Limited',
  'Société Anonyme',
  'Cooperative Union',
];
export const NAME_LENGTH = 60;

/** Names of exactly 60 characters, each of them different. */
export function longName(index: number): string {
  const pick = (list: string[], step: number) => list[Math.floor(index / step) % list.length] ?? '';
  const words = `${pick(PLACES, 1)} ${pick(TRADES, 3)} ${pick(FORMS, 7)}`;
  const number = String(index).padStart(4, '0');
  return `${words
    .padEnd(NAME_LENGTH, ' Department of Electronic Data Interchange')
    .slice(0, NAME_LENGTH - 5)
    .trim()
    .padEnd(NAME_LENGTH - 5, '.')} ${number}`;
}

const STARTED_AT = '2026-01-01T06:00:00.000Z';

export function attemptTimeline(): TimelineStep[] {
  const steps = [
    ['resolve', 4, 'ftps1.partner.invalid is 203.0.113.7.'],
    ['connect', 21, 'Connected to 203.0.113.7:21.'],
    ['tls', 38, 'TLSv1.3, TLS_AES_256_GCM_SHA384.'],
    ['login', 55, 'Signed in as waybill.'],
    ['protect', 19, 'PBSZ 0 and PROT P are in force.'],
    ['list', 61, '3 entries.'],
    ['transfer', 412, '1.4 MB in 0.4 s.'],
    ['confirm', 12, '226 Transfer complete.'],
    ['verify', 15, 'The size is the same.'],
    ['rename', 9, 'Renamed to its final name.'],
  ] as const;
  return steps.map(([step, durationMs, detail]) => ({
    step,
    side: 'target',
    startedAt: STARTED_AT,
    durationMs,
    outcome: 'ok',
    detail,
  }));
}

export function connectionFacts(): ConnectionFacts[] {
  const tls = {
    protocol: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    peerFingerprintSha256: 'ab'.repeat(32),
    peerSubject: 'CN=ftps1.partner.invalid',
  };
  return [
    {
      side: 'target',
      protocol: 'ftps_explicit',
      address: '203.0.113.7:21',
      serverName: 'ftps1.partner.invalid',
      greeting: '220 (vsFTPd 3.0.3)',
      control: { ...tls, resumed: false },
      data: { ...tls, resumed: true },
    },
  ];
}

export function attemptDialogue(): DialogueLine[] {
  const lines = [
    '<220 (vsFTPd 3.0.3)',
    '>AUTH TLS',
    '<234 Proceed with negotiation.',
    '>USER waybill',
    '<331 Please specify the password.',
    '>PASS ***',
    '<230 Login successful.',
    '>PBSZ 0',
    '<200 PBSZ set to 0.',
    '>PROT P',
    '<200 PROT now Private.',
    '>TYPE I',
    '<200 Switching to Binary mode.',
    '>EPSV',
    '<229 Entering Extended Passive Mode (|||20017|)',
    '>STOR .waybill-0f3a.part',
    '<150 Ok to send data.',
    '<226 Transfer complete.',
  ];
  return lines.map((line) => ({
    at: STARTED_AT,
    from: line.startsWith('<') ? 'server' : 'us',
    text: line.slice(1),
  }));
}
