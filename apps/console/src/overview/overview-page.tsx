import type { Overview } from '@waybill/contracts/overview.js';
import type { TransferState } from '@waybill/contracts/transfers.js';
import { useCan } from '../access/session.js';
import { api } from '../api.js';
import { countOf, daysUntil, formatBytes, formatCount, formatRun, wholeDaysUntil } from '../format.js';
import { usePollMs } from '../live.js';
import { paths } from '../paths.js';
import { Section } from '../ui/facts.js';
import { Awaiting } from '../ui/awaiting.js';
import { Go } from '../ui/go.js';
import { RelativeInstant } from '../ui/instant.js';
import { Shape } from '../ui/mark.js';
import { Notice } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { FirstSteps } from './first-steps.js';
import { EXCEPTION_STATES, TRANSFER_STATES } from '../words.js';
import { RunningList } from './running-list.js';
import { StatStrip, type Stat } from './stat-strip.js';
import { TroubleList } from './trouble-list.js';
import classes from './overview.module.css';

/** What somebody wants to know at 3 a.m.: what runs, what failed and why, what is due, what is stopped. */
export function OverviewPage() {
  const pollMs = usePollMs(3000);
  const overview = api.useQuery('get', '/api/v1/overview', {}, { refetchInterval: pollMs });
  if (overview.data === undefined) {
    return (
      <Page title="Overview">
        <Awaiting query={overview} />
      </Page>
    );
  }
  const data = overview.data as Overview;
  return (
    <Page title="Overview">
      <Workers workers={data.workers} />
      <StatStrip stats={statsOf(data)} />
      <div className={classes.columns}>
        <div className={classes.column}>
          {isIdle(data) && <FirstSteps />}
          <TroubleList transfers={data.troubled} />
          <RunningList transfers={data.running} total={data.counts.running} />
        </div>
        <div className={classes.column}>
          <Due due={data.due} isPaused={data.paused !== null} />
          <Stopped counts={data.counts} />
          <Exceptions exceptions={data.exceptions} />
          <Expiring certificates={data.expiringCertificates} />
        </div>
      </div>
    </Page>
  );
}

/** Nothing has happened for a day: perhaps nothing ever has. */
const isIdle = ({ counts, due }: Overview): boolean =>
  due.length === 0 && Object.values(counts).every((count) => count === 0);

function statsOf({ counts }: Overview): Stat[] {
  const day = { finished: '24h' };
  const ofState = (state: TransferState, label: string, count: number, filter = {}): Stat => {
    const { shape, tone } = TRANSFER_STATES[state];
    const href = paths.transfers.list({ state, ...filter });
    return { label, value: formatCount(count), href, shape, tone };
  };
  return [
    ofState('running', 'Running', counts.running),
    ofState('queued', 'Queued', counts.queued),
    ofState('waiting', 'Waiting', counts.waiting),
    ofState('held', 'Held', counts.held),
    ofState('failed', 'Failed, 24 h', counts.failed24h, day),
    ofState('partial', 'Partial, 24 h', counts.partial24h, day),
    ofState('succeeded', 'Succeeded, 24 h', counts.succeeded24h, day),
    {
      label: 'Moved, 24 h',
      value: formatBytes(counts.bytes24h),
      href: paths.transfers.list(day),
      shape: null,
      tone: 'mute',
    },
  ];
}

function Workers({ workers }: { workers: Overview['workers'] }) {
  if (workers.alive > 0) return null;
  return (
    <div className={classes.notice}>
      <Notice tone="bad" title="No worker is alive" alert>
        Nothing moves until one runs. Start Waybill's worker on its machine and look at its log.
        {workers.lastSeenAt !== null && (
          <>
            {' '}
            The last one was seen <RelativeInstant at={workers.lastSeenAt} />.
          </>
        )}
      </Notice>
    </div>
  );
}

function Due({ due, isPaused }: { due: Overview['due']; isPaused: boolean }) {
  const can = useCan();
  return (
    <Section
      title="Due next"
      aside={
        <Go href={paths.schedules.list()} className="link">
          Schedules
        </Go>
      }
    >
      {isPaused && due.length > 0 && (
        <p className={classes.none}>What falls due before the pause ends is skipped.</p>
      )}
      {due.length === 0 ? (
        <p className={classes.none}>
          Nothing is planned.{' '}
          {can('schedule:write') && (
            <Go href={paths.schedules.create()} className="link">
              Make a schedule
            </Go>
          )}
        </p>
      ) : (
        <ul className={classes.list}>
          {due.map(({ scheduleId, routeId, routeName, scheduleName, dueAt }) => (
            <li key={`${scheduleId}-${dueAt}`} className={classes.due}>
              <Go href={paths.routes.one(routeId)} className={classes.dueName} data-row-link>
                <span className="cut">{routeName}</span>
                <span className="cut faint">{scheduleName}</span>
              </Go>
              <span className={classes.dueAt}>
                <RelativeInstant due at={dueAt} />
                <span className="faint">{formatRun(dueAt)}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Stopped({ counts }: { counts: Overview['counts'] }) {
  const { heldRoutes, heldEndpoints } = counts;
  if (heldRoutes + heldEndpoints === 0) return null;
  return (
    <Section title="On hold">
      <ul className={classes.list}>
        <Held count={heldRoutes} noun="route" href={paths.routes.list({ held: 'true' })} />
        <Held count={heldEndpoints} noun="endpoint" href={paths.endpoints.list({ held: 'true' })} />
      </ul>
    </Section>
  );
}

function Held({ count, noun, href }: { count: number; noun: 'route' | 'endpoint'; href: string }) {
  const mayRelease = useCan()(`${noun}:write`);
  if (count === 0) return null;
  return (
    <li>
      <Go href={href} className={classes.line}>
        <Shape shape="pause" tone="warn" /> {countOf(count, noun)}
        <span className={`${classes.lineEnd} link`}>{mayRelease ? 'See why and release' : 'See why'}</span>
      </Go>
    </li>
  );
}

function Exceptions({ exceptions }: { exceptions: Overview['exceptions'] }) {
  if (exceptions.length === 0) return null;
  return (
    <Section
      title="Exceptions"
      aside={
        <Go href={paths.exceptions.list()} className="link">
          All exceptions
        </Go>
      }
    >
      <ul className={classes.list}>
        {exceptions.map(({ id, endpointId, endpointName, state, endsAt }) => (
          <li key={id}>
            <Go href={paths.endpoints.one(endpointId)} className={classes.line}>
              <Shape shape="clock" tone="warn" />
              <span className="cut">{endpointName}</span>
              <span className={`${classes.lineEnd} soft`}>
                {state === 'requested' ? EXCEPTION_STATES.requested.word : `${wholeDaysUntil(endsAt)} left`}
              </span>
            </Go>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Expiring({ certificates }: { certificates: Overview['expiringCertificates'] }) {
  if (certificates.length === 0) return null;
  return (
    <Section title="Certificates that expire">
      <ul className={classes.list}>
        {certificates.map(({ id, name, notAfter }) => {
          const days = daysUntil(notAfter);
          return (
            <li key={id}>
              <Go href={paths.certificates.list({ search: name })} className={classes.line}>
                <Shape shape={days < 0 ? 'cross' : 'clock'} tone={days < 8 ? 'bad' : 'warn'} />
                <span className="cut">{name}</span>
                <span className={`${classes.lineEnd} soft`}>
                  {days < 0 ? 'Expired' : wholeDaysUntil(notAfter)}
                </span>
              </Go>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
