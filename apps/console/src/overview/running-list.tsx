import type { TransferSummary } from '@waybill/contracts/transfers.js';
import { useCan } from '../access/session.js';
import { countOf, formatBytes, formatCount, formatRate, formatTimeLeft, percent } from '../format.js';
import { useRate } from '../live.js';
import { paths } from '../paths.js';
import { Section } from '../ui/facts.js';
import { Go } from '../ui/go.js';
import { Progress } from '../ui/progress.js';
import classes from './overview.module.css';

/** What runs now, with live progress. */
export function RunningList({ transfers, total }: { transfers: TransferSummary[]; total: number }) {
  return (
    <Section
      title="Running now"
      aside={
        <Go href={paths.transfers.list({ state: 'running' })} className="link">
          {total > transfers.length ? `All ${total}` : 'All running'}
        </Go>
      }
    >
      {transfers.length === 0 ? (
        <NothingYet />
      ) : (
        <ul className={classes.list}>
          {transfers.map((transfer) => (
            <li key={transfer.id}>
              <Running transfer={transfer} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Running({ transfer }: { transfer: TransferSummary }) {
  const { id, route, sourceName, targetName, movedBytes, totalBytes, deliveredCount, fileCount } = transfer;
  const rate = useRate(id);
  const share = percent(movedBytes, totalBytes);
  const left = formatTimeLeft(totalBytes - movedBytes, rate);
  return (
    <Go href={paths.transfers.one(id)} className={classes.running} data-row-link>
      <span className={classes.runningHead}>
        <span className={`${classes.name} cut`}>{route.name}</span>
        <span className={classes.share}>{totalBytes === 0 ? '' : `${share} %`}</span>
      </span>
      <Progress percent={totalBytes === 0 ? null : share} label={`${route.name}: ${share} %`} />
      <span className={classes.runningFoot}>
        <span className="cut">
          {sourceName} → {targetName}
        </span>
        <span className={classes.figures}>
          {formatBytes(movedBytes)} of {formatBytes(totalBytes)} · {formatCount(deliveredCount)}/
          {countOf(fileCount, 'file')}
          {rate !== null && ` · ${formatRate(rate)}`}
          {left !== null && ` · ${left}`}
        </span>
      </span>
    </Go>
  );
}

function NothingYet() {
  const mayRun = useCan()('transfer:start');
  return (
    <p className={classes.none}>
      Nothing runs now.{' '}
      {mayRun && (
        <Go href={paths.routes.list()} className="link">
          Run a route
        </Go>
      )}
    </p>
  );
}
