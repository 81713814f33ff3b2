/** docs/interoperability.md: written from the results of a run, and read back to be compared with one. */

export type Cell = { works: true } | { works: false; because: string };

export interface ServerResult {
  name: string;
  kind: 'real' | 'practice' | 'played';
  /** As the program itself says; null where there is none. */
  version: string | null;
  /** Of a played server: the documents that it follows. */
  sources: string[];
  /** Every feature, in the order of the table. The cell is null where it was not tried. */
  rows: { group: string; title: string; cell: Cell | null }[];
}

const YES = '✓';
const NOT_TRIED = '·';
/** The order of the columns; whoever is not among them comes last. */
const ORDER = ['vsftpd', 'ProFTPD', 'Pure-FTPd', 'pyftpdlib', 'Practice partner'];

/** The whole document. A number in a table leads to the reason of a no, below the tables. */
export function writeDocument(results: readonly ServerResult[]): string {
  const servers = results.toSorted((one, other) => placeOf(one) - placeOf(other));
  const here = servers.filter(({ kind }) => kind !== 'played');
  const played = servers.filter(({ kind }) => kind === 'played');
  const reasons: string[] = [];
  const lines = [
    ...HEAD,
    ...here.map(
      ({ name, version }) => `- ${name}${version === null ? ', of this version of Waybill' : ` ${version}`}`,
    ),
    '',
    '## Servers that ran',
    '',
    ...tablesOf(here, reasons),
    ...(played.length === 0 ? [] : PLAYED),
    ...tablesOf(played, reasons),
    '## Why not',
    '',
    ...reasons.map((reason, index) => `${index + 1}. The server ${reason}.`),
    '',
    ...sourcesOf(played),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function placeOf({ name }: ServerResult): number {
  const place = ORDER.indexOf(name);
  return place === -1 ? ORDER.length : place;
}

/** A table for each group of features. @param reasons those that are shown so far; the new ones are added */
function tablesOf(servers: readonly ServerResult[], reasons: string[]): string[] {
  const show = ({ rows }: ServerResult, title: string): string => {
    const cell = rows.find((one) => one.title === title)?.cell ?? null;
    if (cell === null) return NOT_TRIED;
    if (cell.works) return YES;
    if (!reasons.includes(cell.because)) reasons.push(cell.because);
    return `[${reasons.indexOf(cell.because) + 1}]`;
  };
  const isTried = (title: string): boolean =>
    servers.some(({ rows }) => rows.some((one) => one.title === title && one.cell !== null));
  const rows = (servers[0]?.rows ?? []).filter(({ title }) => isTried(title));
  return [...new Set(rows.map(({ group }) => group))].flatMap((group) => [
    `### ${group}`,
    '',
    row(['', ...servers.map(({ name }) => name)]),
    row(['---', ...servers.map(() => ':-:')]),
    ...rows
      .filter((one) => one.group === group)
      .map(({ title }) => row([title, ...servers.map((server) => show(server, title))])),
    '',
  ]);
}

const HEAD = [
  '# Interoperability',
  '',
  'Written by `npm run interop` from a run of the conformance suite (`packages/transports/src/conformance`) and compared with every later run by `npm test`: do not edit. Every cell is a run of Waybill against a server with that setting.',
  '',
  `${YES} works. A number is the reason why not, at the end; the suite fails when a server learns what it is said to lack. ${NOT_TRIED} was not tried.`,
  '',
  'The versions of the last run that was written down, from Debian:',
  '',
];

const PLAYED = [
  '## Servers that were played',
  '',
  '**None of these programs has run here.** The practice partner plays each from its documentation: greeting, FEAT, replies and known quirks. It shows that Waybill copes with what is documented, and nothing about the program itself; what no document says is left out here, or is as the practice partner has it. What each follows is listed at the end.',
  '',
];

function sourcesOf(played: readonly ServerResult[]): string[] {
  if (played.length === 0) return [];
  return [
    '## What the played servers follow',
    '',
    ...played.flatMap(({ name, sources }) => [`- ${name}`, ...sources.map((source) => `  - ${source}`)]),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/**
 * What the document says of a server, by the title of the feature: `yes`, or why not.
 * @throws Error where it has no such column
 */
export function readColumn(document: string, server: string): Record<string, string> {
  const [tables = '', rest = ''] = document.split('## Why not');
  const reasons = [...rest.matchAll(/^\d+\. The server (.+)\.$/gm)].map(([, reason]) => reason ?? '');
  const found: Record<string, string> = {};
  let column = -1;
  for (const line of tables.split('\n').filter((text) => text.startsWith('|'))) {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    if (cells[0] === '') column = cells.indexOf(server);
    const cell = cells[column];
    if (column < 1 || cell === undefined || cells[0] === undefined) continue;
    const reason = reasons[Number(/^\[(\d+)\]$/.exec(cell)?.[1]) - 1];
    if (cell === YES) found[cells[0]] = 'yes';
    else if (reason !== undefined) found[cells[0]] = reason;
  }
  if (Object.keys(found).length === 0)
    throw new Error(`docs/interoperability.md has no column for ${server}`);
  return found;
}
