import type { Transfer } from '@waybill/contracts/transfers.js';
import {
  countOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  formatTimeLeft,
  percent,
  spanMs,
} from '../format.js';
import { useRate } from '../live.js';
import { paths } from '../paths.js';
import { Go } from '../ui/go.js';
import { usePaused } from '../start-transfer.js';
import { Instant, useNowMs } from '../ui/instant.js';
import { Mark, type Tone } from '../ui/mark.js';
import { Progress } from '../ui/progress.js';
import { FILE_STATES } from '../words.js';
import { NextTry } from '../next-try.js';
import { countFiles } from './count-files.js';
import { nothingWentWords, queuedWords } from './course-words.js';
import classes from './transfers.module.css';

const TONE: Record<Transfer['state'], Tone> = {
  queued: 'mute',
  running: 'accent',
  waiting: 'warn',
  held: 'warn',
  succeeded: 'ok',
  partial: 'warn',
  failed: 'bad',
  cancelled: 'mute',
};

/**
 * How far it is: share, bytes, rate, where it stands, and how many files are in which state. `asOfMs` is when that was
 * last heard, where nothing is heard now.
 */
export function TransferHero({ transfer, asOfMs }: { transfer: Transfer; asOfMs: number | null }) {
  const { id, state, movedBytes, totalBytes, fileCount, deliveredCount, bytesPerSecond } = transfer;
  const heardRate = useRate(id);
  const isRunning = state === 'running';
  const rate = isRunning && asOfMs === null ? heardRate : null;
  const share = state === 'succeeded' ? 100 : percent(movedBytes, totalBytes);
  const nothingWent = nothingWentWords(transfer);
  if (nothingWent !== null)
    return (
      <section className={classes.hero} aria-label="Progress">
        <div className={classes.heroLine}>
          <span>{nothingWent}</span>
          <span className={`${classes.right} soft`} data-prose>
            <Course transfer={transfer} rate={null} asOfMs={asOfMs} />
          </span>
        </div>
        <FileCounts transfer={transfer} />
      </section>
    );
  return (
    <section className={classes.hero} aria-label="Progress">
      <div className={classes.heroLine}>
        <span className={classes.heroShare}>{share} %</span>
        <span>
          {formatBytes(movedBytes)} of {formatBytes(totalBytes)}
        </span>
        <span className="soft">
          {formatCount(deliveredCount)} of {countOf(fileCount, 'file')}
        </span>
        {rate !== null && <span className="soft">{formatRate(rate)}</span>}
        {bytesPerSecond !== null && movedBytes > 0 && !isRunning && (
          <span className="soft" data-hint="Over the time in which files were moved, without what it waited">
            {formatRate(bytesPerSecond)} on average
          </span>
        )}
        <span className={`${classes.right} soft`} data-prose>
          <Course transfer={transfer} rate={rate} asOfMs={asOfMs} />
        </span>
      </div>
      <Progress
        tall
        percent={isRunning && totalBytes === 0 ? null : share}
        tone={TONE[state]}
        label={`Progress of ${transfer.route.name}`}
      />
      <FileCounts transfer={transfer} />
    </section>
  );
}

function FileCounts({ transfer: { id, fileStates } }: { transfer: Transfer }) {
  if (countFiles({ fileStates }) === 0) return null;
  return (
    <div className={classes.counts}>
      {Object.entries(FILE_STATES).map(([key, look]) => {
        const count = fileStates[key] ?? 0;
        return count === 0 ? null : (
          <Go key={key} href={paths.transfers.one(id, { fileState: key })} className={classes.count}>
            <Mark look={{ ...look, word: `${formatCount(count)} ${look.word.toLowerCase()}` }} />
          </Go>
        );
      })}
    </div>
  );
}

/** Where it is in its course, in the words of its state: what it waits for, how long it runs or took. */
function Course({
  transfer,
  rate,
  asOfMs,
}: {
  transfer: Transfer;
  rate: number | null;
  asOfMs: number | null;
}) {
  const { state, startedAt, finishedAt, nextTryAt, tryCount, maxTries, movedBytes, totalBytes } = transfer;
  const nowMs = useNowMs(1000);
  const isPaused = usePaused();
  switch (state) {
    case 'queued':
      return <Queued transfer={transfer} isPaused={isPaused} />;
    case 'running': {
      const runsMs = startedAt === null ? null : spanMs(startedAt, null, asOfMs ?? nowMs);
      const timeLeft = formatTimeLeft(totalBytes - movedBytes, rate);
      return timeLeft ?? (runsMs === null ? 'Running' : `Running for ${formatDuration(runsMs)}`);
    }
    case 'waiting':
      if (nextTryAt === null) return 'Waits for its next try';
      return (
        <>
          Next try <NextTry at={nextTryAt} />, number {tryCount + 1} of {maxTries}
        </>
      );
    case 'held':
      return 'Waits for a person';
    default:
      if (startedAt === null) return 'Never started';
      return finishedAt === null ? null : `Took ${formatDuration(spanMs(startedAt, finishedAt))}`;
  }
}

function Queued({ transfer, isPaused }: { transfer: Transfer; isPaused: boolean }) {
  const { waitsFor } = transfer;
  if (waitsFor !== null)
    return (
      <>
        Waits for{' '}
        <Go href={paths.transfers.one(waitsFor.id)} className="link">
          the transfer of <Instant at={waitsFor.createdAt} />
        </Go>{' '}
        of the same route
      </>
    );
  const what = queuedWords(transfer);
  return isPaused ? `${what}. Waybill is paused.` : what;
}
