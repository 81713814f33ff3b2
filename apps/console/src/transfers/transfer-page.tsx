import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { Transfer } from '@waybill/contracts/transfers.js';
import { useCan } from '../access/session.js';
import { api, client } from '../api.js';
import { useLiveFocus, usePollMs } from '../live.js';
import { paths } from '../paths.js';
import { usePaused, useSendAgain, useTryNow } from '../start-transfer.js';
import { act } from '../ui/act.js';
import { useConfirm } from '../ui/confirm.js';
import { Awaiting } from '../ui/awaiting.js';
import { Go } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Mark, Tag } from '../ui/mark.js';
import { Notice } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { Tabs, useTab } from '../ui/tabs.js';
import { TRANSFER_STATES, WEAKENING } from '../words.js';
import { AttemptList } from './attempt-list.js';
import { countFiles } from './count-files.js';
import { FailureNotice } from './failure-notice.js';
import { FileTable } from './file-table.js';
import { TransferFacts } from './transfer-facts.js';
import { NOT_ENCRYPTED } from './transfer-columns.js';
import { TransferHero } from './transfer-hero.js';
import classes from './transfers.module.css';

const ENDED = ['succeeded', 'partial', 'failed', 'cancelled'];

/** One transfer: how far it is, its files, every try with its steps, and what can be done about it. */
export function TransferPage({ id }: { id: string }) {
  const pollMs = usePollMs(2000);
  useLiveFocus(id);
  const one = api.useQuery(
    'get',
    '/api/v1/transfers/{id}',
    { params: { path: { id } } },
    {
      refetchInterval: (query) => (ENDED.includes(query.state.data?.state ?? '') ? false : pollMs),
    },
  );
  const tabs = [
    { key: 'files', label: 'Files', count: one.data && countFiles(one.data) },
    { key: 'attempts', label: 'Attempts' },
    { key: 'facts', label: 'Details' },
  ];
  const tab = useTab(tabs);
  const crumbs = [{ label: 'Transfers', href: paths.transfers.list() }];
  if (one.data === undefined)
    return (
      <Page title="Transfer" crumbs={crumbs}>
        <Awaiting query={one} />
      </Page>
    );
  const transfer = one.data as Transfer;
  return (
    <Page
      title={transfer.route.name}
      crumbs={crumbs}
      mark={
        <>
          <Mark look={TRANSFER_STATES[transfer.state]} size={16} />
          {transfer.notEncrypted && (
            <span data-hint={NOT_ENCRYPTED}>
              <Tag tone="warn">{WEAKENING.clear_data.word}</Tag>
            </span>
          )}
        </>
      }
      lead={
        <>
          {transfer.snapshot.sourceEndpointName} <code>{transfer.snapshot.sourcePath}</code> →{' '}
          {transfer.snapshot.targetEndpointName} <code>{transfer.snapshot.targetPath}</code>
        </>
      }
      actions={<Actions transfer={transfer} />}
    >
      <Standing transfer={transfer} />
      <TransferHero transfer={transfer} asOfMs={one.failureReason === null ? null : one.dataUpdatedAt} />
      <Tabs tabs={tabs} label="Parts of the transfer" />
      {tab === 'files' && <FileTable transfer={transfer} />}
      {tab === 'attempts' && <AttemptList transferId={id} isRunning={transfer.state === 'running'} />}
      {tab === 'facts' && <TransferFacts transfer={transfer} />}
    </Page>
  );
}

function Actions({ transfer }: { transfer: Transfer }) {
  const can = useCan();
  const confirm = useConfirm();
  const sendAgain = useSendAgain();
  const tryNow = useTryNow();
  const isPaused = usePaused();
  const queries = useQueryClient();
  const { id, route } = transfer;
  const path = { params: { path: { id } } };
  const cancel = async () => {
    const sure = await confirm({
      title: `Cancel this transfer of “${route.name}”?`,
      body: 'The file on its way is stopped and its temporary name removed. Delivered files stay.',
      confirm: 'Cancel the transfer',
      stay: 'Let it run',
      danger: true,
    });
    if (sure === false) return;
    await act(async () => {
      const { data } = await client.POST('/api/v1/transfers/{id}/cancel', path);
      queries.setQueryData(api.queryOptions('get', '/api/v1/transfers/{id}', path).queryKey, data);
    }, 'The transfer is being cancelled');
  };
  const isOver = ENDED.includes(transfer.state);
  const uncertainCount = transfer.fileStates.uncertain ?? 0;
  // What is in doubt is asked about first.
  const isToSend =
    uncertainCount === 0 &&
    transfer.state !== 'succeeded' &&
    transfer.settledBy === null &&
    transfer.resends.length === 0;
  return (
    <>
      <Button variant="default" component={Go} href={paths.routes.one(route.id)}>
        Open the route
      </Button>
      {transfer.state === 'waiting' && can('transfer:start') && (
        <span data-hint={isPaused ? 'Waybill is paused' : undefined}>
          <Button disabled={isPaused || transfer.cancelRequested} onClick={() => void tryNow(transfer)}>
            Try now
          </Button>
        </span>
      )}
      {!isOver && can('transfer:cancel') && (
        <Button variant="default" onClick={() => void cancel()} disabled={transfer.cancelRequested}>
          {transfer.cancelRequested ? 'Cancelling…' : 'Cancel'}
        </Button>
      )}
      {isOver && can('transfer:start') && (
        <span data-hint={isPaused ? 'Waybill is paused' : undefined}>
          <Button
            variant={isToSend ? 'filled' : 'default'}
            disabled={isPaused}
            onClick={() => void sendAgain({ ...transfer, uncertainCount })}
          >
            Send again
          </Button>
        </span>
      )}
    </>
  );
}

/** Why it stands where it stands, what has made it good since, and the way to what must be pressed. */
function Standing({ transfer }: { transfer: Transfer }) {
  const { failureText, settledBy } = transfer;
  const again = transfer.resends.find(({ id }) => id !== settledBy?.id);
  if (failureText === null && again === undefined && settledBy === null) return null;
  return (
    <div className={classes.stack}>
      {failureText !== null && <FailureNotice transfer={transfer} />}
      {settledBy !== null && (
        <Notice tone="ok" shape="check" title="Made good since">
          Nothing of it is left to deliver, since{' '}
          <Go href={paths.transfers.one(settledBy.id)} className="link">
            the transfer of <Instant at={settledBy.createdAt} />
          </Go>
          .
        </Notice>
      )}
      {again !== undefined && (
        <Notice tone="mute" shape="clock" title="Sent again">
          <Mark look={TRANSFER_STATES[again.state]} />{' '}
          <Go href={paths.transfers.one(again.id)} className="link">
            Open the newer transfer
          </Go>
        </Notice>
      )}
    </div>
  );
}
