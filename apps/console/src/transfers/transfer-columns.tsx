import type { TransferSummary } from '@waybill/contracts/transfers.js';
import type { ReactNode } from 'react';
import { formatBytes, formatCount, formatDuration, percent, spanMs } from '../format.js';
import type { Column } from '../ui/data-table.js';
import { Instant } from '../ui/instant.js';
import { none } from '../ui/none.js';
import { Mark, Tag } from '../ui/mark.js';
import { Progress } from '../ui/progress.js';
import { CAUSES, failureWords, TRANSFER_STATES, WEAKENING } from '../words.js';
import { NextTry } from '../next-try.js';
import classes from './transfers.module.css';

/** With what must be seen of it wherever it is listed. */
function WithMarks({ transfer, children }: { transfer: TransferSummary; children: ReactNode }) {
  if (!transfer.notEncrypted) return children;
  return (
    <span className={classes.named}>
      <span className="cut">{children}</span>
      <span className={classes.tag} data-hint={NOT_ENCRYPTED}>
        <Tag tone="warn">{WEAKENING.clear_data.word}</Tag>
      </span>
    </span>
  );
}
/** True of plain FTP as of PROT C. */
export const NOT_ENCRYPTED =
  'Files went in the clear at one end, in one attempt at least; its attempts tell which.';

/** What stands beside the state: how far it is, when it goes on, or why it did not. */
function Standing({ transfer }: { transfer: TransferSummary }) {
  const { state, movedBytes, totalBytes, nextTryAt, failureKind, failureText } = transfer;
  if (state === 'running') {
    const share = percent(movedBytes, totalBytes);
    return (
      <span className={classes.standing}>
        <Progress percent={totalBytes === 0 ? null : share} label={`${transfer.route.name}: ${share} %`} />
        <span>{share} %</span>
      </span>
    );
  }
  if (state === 'waiting' && nextTryAt !== null) {
    return (
      <>
        Next try <NextTry at={nextTryAt} />
      </>
    );
  }
  if (failureKind !== null)
    return <span data-hint={failureText ?? undefined}>{failureWords(failureKind)}</span>;
  return null;
}

const all = {
  state: {
    key: 'state',
    header: 'State',
    width: '112px',
    cell: (transfer) => <Mark look={TRANSFER_STATES[transfer.state]} />,
    card: 'aside',
  },
  route: {
    key: 'route',
    header: 'Route',
    width: 'minmax(150px, 3fr)',
    cell: (t) => <WithMarks transfer={t}>{t.route.name}</WithMarks>,
    card: 'title',
  },
  partner: {
    key: 'partner',
    header: 'Partner',
    width: 'minmax(84px, 1.6fr)',
    cell: (t) => (t.partner === null ? none : t.partner.name),
    card: 'hide',
  },
  standing: {
    key: 'standing',
    header: 'Progress',
    width: 'minmax(144px, 1.4fr)',
    cell: (transfer) => <Standing transfer={transfer} />,
    card: 'line',
    cardLabel: ({ state }) => (state === 'running' ? 'Progress' : state === 'waiting' ? null : 'Reason'),
  },
  files: {
    key: 'files',
    header: 'Files',
    width: '72px',
    align: 'end',
    cell: (t) =>
      t.fileCount === 0
        ? none
        : t.deliveredCount === t.fileCount
          ? formatCount(t.fileCount)
          : `${formatCount(t.deliveredCount)}/${formatCount(t.fileCount)}`,
    spare: true,
  },
  size: {
    key: 'size',
    header: 'Size',
    width: '72px',
    align: 'end',
    cell: (t) => (t.totalBytes === 0 && t.fileCount === 0 ? none : formatBytes(t.totalBytes)),
    spare: true,
  },
  cause: {
    key: 'cause',
    header: 'Cause',
    width: '78px',
    cell: (t) => CAUSES[t.cause],
    card: 'hide',
    spare: true,
  },
  took: {
    key: 'took',
    header: 'Took',
    width: '74px',
    align: 'end',
    cell: (t) =>
      t.startedAt === null || t.finishedAt === null
        ? none
        : formatDuration(spanMs(t.startedAt, t.finishedAt)),
    card: 'hide',
    spare: true,
  },
  created: {
    key: 'created',
    header: 'Asked for',
    width: '96px',
    align: 'end',
    cell: (t) => <Instant at={t.createdAt} />,
  },
} satisfies Record<string, Column<TransferSummary>>;

export const TRANSFER_COLUMNS: Column<TransferSummary>[] = Object.values(all);
/** For the page of a partner, which says the rest. */
export const PARTNER_TRANSFER_COLUMNS: Column<TransferSummary>[] = [
  all.state,
  all.route,
  all.standing,
  all.files,
  all.size,
  all.took,
  all.created,
];
/** For the page of a route: there a transfer is told by when it was asked for, and by whom. */
export const ROUTE_TRANSFER_COLUMNS: Column<TransferSummary>[] = [
  all.state,
  {
    ...all.created,
    // The date in full, and a mark beside it.
    width: 'minmax(260px, 1fr)',
    align: undefined,
    cell: (t) => (
      <WithMarks transfer={t}>
        <Instant at={t.createdAt} full />
      </WithMarks>
    ),
    card: 'title',
  },
  {
    key: 'by',
    header: 'By',
    width: 'minmax(120px, 1.2fr)',
    cell: (t) => (t.cause === 'schedule' ? CAUSES.schedule : t.requestedBy),
  },
  { ...all.standing, width: 'minmax(160px, 2fr)' },
  all.files,
  all.size,
  { ...all.took, card: 'line' },
];
