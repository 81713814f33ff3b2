import type { Transfer } from '@waybill/contracts/transfers.js';
import {
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
import { RelativeInstant, useNowMs } from '../ui/instant.js';
import { Mark, type Tone } from '../ui/mark.js';
import { Progress } from '../ui/progress.js';
import { FILE_STATES } from '../words.js';
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

/** How far it is: share, bytes, rate, time left, and how many files are in which state. */
export function TransferHero({ transfer }: { transfer: Transfer }) {
  const { id, state, movedBytes, totalBytes, startedAt, finishedAt, fileCount, deliveredCount } = transfer;
  const nowMs = useNowMs(1000);
  const rate = useRate(id);
  const isRunning = state === 'running';
  const share = state === 'succeeded' ? 100 : percent(movedBytes, totalBytes);
  const tookMs = startedAt === null ? null : spanMs(startedAt, finishedAt, nowMs);
  const overallRate =
    tookMs !== null && tookMs > 0 && finishedAt !== null ? (movedBytes / tookMs) * 1000 : null;
  const timeLeft = isRunning ? formatTimeLeft(totalBytes - movedBytes, rate) : null;
  return (
    <section className={classes.hero} aria-label="Progress">
      <div className={classes.heroLine}>
        <span className={classes.heroShare}>{share} %</span>
        <span>
          {formatBytes(movedBytes)} of {formatBytes(totalBytes)}
        </span>
        <span className="soft">
          {formatCount(deliveredCount)} of {formatCount(fileCount)} {fileCount === 1 ? 'file' : 'files'}
        </span>
        {isRunning && rate !== null && <span className="soft">{formatRate(rate)}</span>}
        {!isRunning && overallRate !== null && overallRate > 0 && (
          <span className="soft">{formatRate(overallRate)} on average</span>
        )}
        <span className={`${classes.right} soft`}>
          {timeLeft ??
            (state === 'waiting' && transfer.nextTryAt !== null ? (
              <>
                Next try <RelativeInstant due at={transfer.nextTryAt} />, number {transfer.tryCount + 1} of{' '}
                {transfer.maxTries}
              </>
            ) : state === 'held' ? (
              'Waits for a person'
            ) : tookMs !== null ? (
              `${isRunning ? 'Running for' : 'Took'} ${formatDuration(tookMs)}`
            ) : (
              'Not started yet'
            ))}
        </span>
      </div>
      <Progress
        tall
        percent={isRunning && totalBytes === 0 ? null : share}
        tone={TONE[state]}
        label={`Progress of ${transfer.route.name}`}
      />
      {fileCount > 0 && (
        <div className={classes.counts}>
          {Object.entries(FILE_STATES).map(([key, look]) => {
            const count = transfer.fileStates[key] ?? 0;
            return count === 0 ? null : (
              <Go key={key} href={paths.transfers.one(id, { fileState: key })} className={classes.count}>
                <Mark look={{ ...look, word: `${formatCount(count)} ${look.word.toLowerCase()}` }} />
              </Go>
            );
          })}
        </div>
      )}
    </section>
  );
}
