import { Button } from '@mantine/core';
import type { TransferSummary } from '@waybill/contracts/transfers.js';
import { useCan } from '../access/session.js';
import { client, refresh } from '../api.js';
import { paths } from '../paths.js';
import { useConfirm } from '../ui/confirm.js';
import { Section } from '../ui/facts.js';
import { Go, useGo } from '../ui/go.js';
import { Instant, RelativeInstant } from '../ui/instant.js';
import { Mark } from '../ui/mark.js';
import { Empty } from '../ui/notice.js';
import { toast } from '../ui/toast.js';
import { failureWords, remedyFor, TRANSFER_STATES } from '../words.js';
import classes from './overview.module.css';

/** What failed or is stuck: why, in a sentence, with the action to press. */
export function TroubleList({ transfers }: { transfers: TransferSummary[] }) {
  return (
    <Section
      title="Needs attention"
      aside={
        <Go
          href={paths.transfers.list({ state: 'failed,partial,held,waiting', period: '24h' })}
          className="link"
        >
          All of 24 hours
        </Go>
      }
    >
      {transfers.length === 0 ? (
        <Empty title="Nothing needs you">No transfer failed, waits or is held in the last 24 hours.</Empty>
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

function Trouble({ transfer }: { transfer: TransferSummary }) {
  const { id, state, route, failureKind, failureText, nextTryAt, createdAt } = transfer;
  return (
    <li className={classes.trouble}>
      <span className={classes.troubleMark}>
        <Mark look={TRANSFER_STATES[state]} />
      </span>
      <div className={classes.troubleBody}>
        <p className={classes.troubleHead}>
          <Go href={paths.transfers.one(id)} className={`${classes.name} breaks`}>
            {route.name}
          </Go>
          <span className="faint">
            {state === 'waiting' && nextTryAt !== null ? (
              <>
                next try <RelativeInstant due at={nextTryAt} />
              </>
            ) : (
              <Instant at={createdAt} />
            )}
          </span>
        </p>
        <p className="soft breaks">
          <strong>{failureWords(failureKind)}.</strong> {failureText}
        </p>
      </div>
      <Action transfer={transfer} />
    </li>
  );
}

function Action({ transfer }: { transfer: TransferSummary }) {
  const can = useCan();
  const confirm = useConfirm();
  const go = useGo();
  const { id, state, route, failureKind } = transfer;
  const remedy = remedyFor(failureKind);
  if (remedy.at !== 'again' || (state !== 'failed' && state !== 'partial') || !can('transfer:start')) {
    const href =
      remedy.at === 'network'
        ? paths.network.list()
        : remedy.at === 'route'
          ? paths.routes.one(route.id)
          : paths.transfers.one(id);
    return (
      <Button
        size="compact-sm"
        variant="default"
        component={Go}
        href={href}
        aria-label={`${remedy.text}: ${route.name}`}
      >
        {remedy.text}
      </Button>
    );
  }
  const resend = async () => {
    const reason = await confirm({
      title: `Send ${route.name} again?`,
      body: 'A new transfer runs the route as it is today, over all files that match now.',
      confirm: 'Send again',
      reason: 'Why is it sent again?',
    });
    if (reason === false) return;
    try {
      const { data } = await client.POST('/api/v1/transfers/{id}/resend', {
        params: { path: { id } },
        body: { reason },
      });
      await refresh('/api/v1/overview', '/api/v1/transfers');
      if (data !== undefined) go(paths.transfers.one(data.id));
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <Button
      size="compact-sm"
      variant="default"
      onClick={() => void resend()}
      aria-label={`Send again: ${route.name}`}
    >
      Send again
    </Button>
  );
}
