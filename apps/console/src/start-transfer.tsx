/** Starting transfers: of a route, or one again. */
import { Radio } from '@mantine/core';
import type { ResendFiles, TransferSummary } from '@waybill/contracts/transfers.js';
import { api, client, refresh } from './api.js';
import { countOf, formatCount } from './format.js';
import { paths } from './paths.js';
import { act } from './ui/act.js';
import { useConfirm } from './ui/confirm.js';
import { useGo } from './ui/go.js';

/** A key that no other request uses; works where `crypto.randomUUID` is not to be had (plain HTTP). */
function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether all of Waybill is paused, as far as is known: then nothing can be started. */
export function usePaused(): boolean {
  const overview = api.useQuery('get', '/api/v1/overview', {}, { staleTime: 30_000 });
  return overview.data !== undefined && overview.data.paused !== null;
}

/** Starts a transfer of a route by hand, and opens it. */
export function useRunRoute() {
  const go = useGo();
  return ({ id, name }: { id: string; name: string }) =>
    act(async () => {
      const { data } = await client.POST('/api/v1/transfers', {
        params: { header: { 'Idempotency-Key': newIdempotencyKey() } },
        body: { routeId: id },
      });
      if (data !== undefined) go(paths.transfers.one(data.id));
      await refresh('/api/v1/overview', '/api/v1/transfers', '/api/v1/routes');
    }, `Started: ${name}`);
}

/** Has a transfer that waits for its next try be tried at once. */
export function useTryNow() {
  return ({ id, route }: Pick<TransferSummary, 'id' | 'route'>) =>
    act(async () => {
      await client.POST('/api/v1/transfers/{id}/try-now', { params: { path: { id } } });
      await refresh('/api/v1/transfers', '/api/v1/overview');
    }, `Tried now: ${route.name}`);
}

type Repeatable = Pick<TransferSummary, 'id' | 'route' | 'fileCount' | 'deliveredCount'> & {
  /** Files of which only the partner can tell. */
  uncertainCount: number;
};

/** Sends the files of a transfer once more after asking which and why, and opens the new transfer. */
export function useSendAgain() {
  const go = useGo();
  const confirm = useConfirm();
  return async (transfer: Repeatable) => {
    const { id, route, fileCount, deliveredCount } = transfer;
    let files: ResendFiles = deliveredCount > 0 && deliveredCount === fileCount ? 'all' : 'not_delivered';
    const reason = await confirm({
      title: `Send “${route.name}” again?`,
      body: <WhatIsSent transfer={transfer} first={files} onChange={(next) => (files = next)} />,
      confirm: 'Send again',
      stay: 'Not now',
      reason: 'Why is it sent again?',
    });
    if (reason === false) return;
    await act(
      async () => {
        const path = { params: { path: { id } }, body: { reason, files } };
        const { data } = await client.POST('/api/v1/transfers/{id}/resend', path);
        if (data !== undefined) go(paths.transfers.one(data.id));
        await refresh('/api/v1/transfers', '/api/v1/overview');
      },
      `Sent again: ${route.name}`,
      'This is the new transfer.',
    );
  };
}

/** Asks which files go, where some were delivered and some were not. */
function WhatIsSent({
  transfer: { fileCount, deliveredCount, uncertainCount },
  first,
  onChange,
}: {
  transfer: Repeatable;
  first: ResendFiles;
  onChange: (files: ResendFiles) => void;
}) {
  const how = 'A new transfer runs the route as it is today.';
  if (deliveredCount === 0)
    return uncertainCount === 0 ? (
      <>Nothing was delivered. {how}</>
    ) : (
      <>
        Whether {countOf(uncertainCount, 'file')} arrived is not certain. Ask the partner first, who may else
        get {uncertainCount === 1 ? 'it' : 'them'} twice. {how}
      </>
    );
  if (first === 'all') return <>Everything was delivered: the partner gets it a second time. {how}</>;
  return (
    <Radio.Group
      label="Which files?"
      description={how}
      defaultValue={first}
      onChange={(value) => onChange(value as ResendFiles)}
    >
      <div className="radios">
        <Radio
          value="not_delivered"
          label="Send what was not delivered"
          description={`${formatCount(fileCount - deliveredCount)} of ${countOf(fileCount, 'file')}. One that is uncertain goes too: ask the partner first.`}
        />
        <Radio
          value="all"
          label="Send all again"
          description={`Also the ${formatCount(deliveredCount)} that the partner has.`}
        />
      </div>
    </Radio.Group>
  );
}
