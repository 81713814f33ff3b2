/** Starting transfers: of a route, or one again. */
import { api, client, refresh } from './api.js';
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

/** Runs the route of a transfer once more after asking why, and opens the new transfer. */
export function useSendAgain() {
  const go = useGo();
  const confirm = useConfirm();
  return async ({ id, route }: { id: string; route: { name: string } }) => {
    const reason = await confirm({
      title: `Send ${route.name} again?`,
      body: 'A new transfer runs the route as it is today, over all files that match now.',
      confirm: 'Send again',
      stay: 'Not now',
      reason: 'Why is it sent again?',
    });
    if (reason === false) return;
    await act(
      async () => {
        const path = { params: { path: { id } }, body: { reason } };
        const { data } = await client.POST('/api/v1/transfers/{id}/resend', path);
        if (data !== undefined) go(paths.transfers.one(data.id));
        await refresh('/api/v1/transfers', '/api/v1/overview');
      },
      `Sent again: ${route.name}`,
      'This is the new transfer.',
    );
  };
}
