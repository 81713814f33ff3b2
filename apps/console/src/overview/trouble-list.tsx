import { Button } from '@mantine/core';
import type { TroubledTransfer } from '@waybill/contracts/overview.js';
import { useCan } from '../access/session.js';
import { useExceptionWay } from '../exception-standing.js';
import { paths } from '../paths.js';
import { remedyHref } from '../remedy-href.js';
import { usePaused, useSendAgain, useTryNow } from '../start-transfer.js';
import { NextTry } from '../next-try.js';
import { Section } from '../ui/facts.js';
import { Go } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Mark, Shape } from '../ui/mark.js';
import { failureWordsAt, remedyFor, TRANSFER_STATES } from '../words.js';
import classes from './overview.module.css';

/** What failed or is stuck: why, in a sentence, with the action to press. */
export function TroubleList({ transfers }: { transfers: TroubledTransfer[] }) {
  return (
    <Section
      title="Needs attention"
      aside={
        transfers.length > 0 && (
          <Go href={paths.transfers.list({ needsAttention: 'true' })} className="link">
            All of them
          </Go>
        )
      }
    >
      {transfers.length === 0 ? (
        <p className={classes.line}>
          <Shape shape="check" tone="ok" /> Nothing needs you. No transfer is held or waits, and no failure of
          the last 24 hours is still open.
        </p>
      ) : (
        <ul className={classes.list}>
          {transfers.map((transfer) => (
            <Trouble key={transfer.id} transfer={transfer} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Trouble({ transfer }: { transfer: TroubledTransfer }) {
  const { id, state, route, failureKind, failureText, failedEnd, nextTryAt, createdAt } = transfer;
  return (
    <li className={classes.trouble}>
      <span className={classes.troubleMark}>
        <Mark look={TRANSFER_STATES[state]} />
      </span>
      <div className={classes.troubleBody}>
        <p className="breaks">
          <Go href={paths.transfers.one(id)} className={classes.troubleName} data-row-link>
            {route.name}
          </Go>
        </p>
        <p className="breaks">
          {failureWordsAt(failureKind, failedEnd?.side)}
          {failedEnd !== null && `: ${failedEnd.endpointName}`}
          <span className="faint">
            {' · '}
            {state === 'waiting' && nextTryAt !== null ? (
              <>
                next try <NextTry at={nextTryAt} />
              </>
            ) : (
              <Instant at={createdAt} />
            )}
          </span>
        </p>
        <p className={classes.troubleText}>{failureText}</p>
      </div>
      <Action transfer={transfer} />
    </li>
  );
}

/** The way to what must be put right; where nothing is, sending again. */
function Action({ transfer }: { transfer: TroubledTransfer }) {
  const can = useCan();
  const sendAgain = useSendAgain();
  const tryNow = useTryNow();
  const isPaused = usePaused();
  const { id, state, route, failureKind, uncertainCount } = transfer;
  const way = useExceptionWay(transfer);
  const href = way?.href ?? remedyHref(transfer);
  const remedy = remedyFor(failureKind);
  // What is in doubt is looked at first.
  const isToSend = (state === 'failed' || state === 'partial') && uncertainCount === 0;
  const look = { size: 'compact-sm', variant: 'default' };
  if (state === 'waiting' && remedy.at === 'again' && can('transfer:start') && !isPaused)
    return (
      <Button {...look} aria-label={`Try now: ${route.name}`} onClick={() => void tryNow(transfer)}>
        Try now
      </Button>
    );
  const canAct =
    way !== null || (can(remedy.needs) && (remedy.at === 'again' ? isToSend && !isPaused : href !== null));
  const text = canAct ? (way ?? remedy).text : 'Look closer';
  const labelled = { ...look, 'aria-label': `${text}: ${route.name}` };
  if (canAct && remedy.at === 'again')
    return (
      <Button {...labelled} onClick={() => void sendAgain(transfer)}>
        {text}
      </Button>
    );
  return (
    <Button {...labelled} component={Go} href={(canAct && href) || paths.transfers.one(id)}>
      {text}
    </Button>
  );
}
