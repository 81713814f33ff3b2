import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { Side } from '@waybill/contracts/session-facts.js';
import type { Transfer } from '@waybill/contracts/transfers.js';
import { useCan } from '../access/session.js';
import { api, client, refresh } from '../api.js';
import { useLiveFocus, usePollMs } from '../live.js';
import { paths } from '../paths.js';
import { useConfirm } from '../ui/confirm.js';
import { Awaiting } from '../ui/awaiting.js';
import { Go, useGo } from '../ui/go.js';
import { Mark } from '../ui/mark.js';
import { Notice } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { Tabs, useTab } from '../ui/tabs.js';
import { toast } from '../ui/toast.js';
import { failureWords, remedyFor, TRANSFER_STATES } from '../words.js';
import { AttemptList } from './attempt-list.js';
import { FileTable } from './file-table.js';
import { TransferFacts } from './transfer-facts.js';
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
    { key: 'files', label: 'Files', count: one.data?.fileCount },
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
      mark={<Mark look={TRANSFER_STATES[transfer.state]} size={16} />}
      lead={
        <>
          {transfer.snapshot.sourceEndpointName} <code>{transfer.snapshot.sourcePath}</code> →{' '}
          {transfer.snapshot.targetEndpointName} <code>{transfer.snapshot.targetPath}</code>
        </>
      }
      actions={<Actions transfer={transfer} />}
    >
      <Standing transfer={transfer} />
      <TransferHero transfer={transfer} />
      <Tabs tabs={tabs} label="Parts of the transfer" />
      {tab === 'files' && <FileTable transfer={transfer} />}
      {tab === 'attempts' && <AttemptList transferId={id} isRunning={transfer.state === 'running'} />}
      {tab === 'facts' && <TransferFacts transfer={transfer} />}
    </Page>
  );
}

function Actions({ transfer }: { transfer: Transfer }) {
  const can = useCan();
  const go = useGo();
  const confirm = useConfirm();
  const queries = useQueryClient();
  const { id, route } = transfer;
  const path = { params: { path: { id } } };
  const cancel = async () => {
    const sure = await confirm({
      title: `Cancel this transfer of ${route.name}?`,
      body: 'The file on its way is stopped and its temporary name removed. Delivered files stay.',
      confirm: 'Cancel the transfer',
      danger: true,
    });
    if (sure === false) return;
    try {
      const { data } = await client.POST('/api/v1/transfers/{id}/cancel', path);
      queries.setQueryData(api.queryOptions('get', '/api/v1/transfers/{id}', path).queryKey, data);
      toast.done('The transfer is being cancelled');
    } catch (error) {
      toast.failed(error);
    }
  };
  const resend = async () => {
    const reason = await confirm({
      title: `Send ${route.name} again?`,
      body: 'A new transfer runs the route as it is today, over all files that match now.',
      confirm: 'Send again',
      reason: 'Why is it sent again?',
    });
    if (reason === false) return;
    try {
      const { data } = await client.POST('/api/v1/transfers/{id}/resend', { ...path, body: { reason } });
      await refresh('/api/v1/transfers', '/api/v1/overview');
      toast.done('Sent again', 'This is the new transfer.');
      if (data !== undefined) go(paths.transfers.one(data.id));
    } catch (error) {
      toast.failed(error);
    }
  };
  const isOver = ENDED.includes(transfer.state);
  return (
    <>
      <Button variant="default" component={Go} href={paths.routes.one(route.id)}>
        Open the route
      </Button>
      {!isOver && can('transfer:cancel') && (
        <Button variant="default" onClick={() => void cancel()} disabled={transfer.cancelRequested}>
          {transfer.cancelRequested ? 'Cancelling…' : 'Cancel'}
        </Button>
      )}
      {isOver && can('transfer:start') && <Button onClick={() => void resend()}>Send again</Button>}
    </>
  );
}

/** The side at which the newest failed try failed, where that is known. */
function useFailedSide({ id, failureKind }: Transfer): Side | null {
  const attempts = api.useQuery(
    'get',
    '/api/v1/transfers/{id}/attempts',
    { params: { path: { id }, query: { limit: 20 } } },
    { enabled: failureKind !== null && remedyFor(failureKind).at === 'endpoint' },
  );
  const failed = attempts.data?.items.find(({ outcome }) => outcome === 'failed');
  return failed?.timeline.find(({ outcome }) => outcome === 'failed')?.side ?? null;
}

/** Why it stands where it stands, with the action to press. */
function Standing({ transfer }: { transfer: Transfer }) {
  const { state, failureKind, failureText, snapshot } = transfer;
  const again = transfer.resends[0];
  const failedSide = useFailedSide(transfer);
  if (failureText === null && again === undefined) return null;
  const remedy = remedyFor(failureKind);
  const where = {
    endpoint: failedSide === null ? null : paths.endpoints.one(snapshot[`${failedSide}EndpointId`]),
    certificates: paths.certificates.list(),
    network: paths.network.list(),
    route: paths.routes.one(transfer.route.id),
    again: null,
  }[remedy.at];
  return (
    <div className={classes.stack}>
      {failureText !== null && (
        <Notice
          tone={state === 'failed' ? 'bad' : 'warn'}
          shape={TRANSFER_STATES[state].shape}
          title={failureWords(failureKind)}
          actions={
            where !== null && (
              <Button size="compact-sm" variant="default" component={Go} href={where}>
                {remedy.text}
              </Button>
            )
          }
        >
          {failureText}
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
