import { client, refresh } from './api.js';
import { act } from './ui/act.js';
import { useConfirm } from './ui/confirm.js';

const afterwards = () => refresh('/api/v1/overview');

/** Stops every new start after asking why; and takes that back. */
export function usePauseSwitch() {
  const confirm = useConfirm();
  const pause = async () => {
    const reason = await confirm({
      title: 'Pause all of Waybill?',
      body: 'No new transfer starts, by schedule, API or hand, until somebody resumes. What runs now goes on.',
      confirm: 'Pause',
      stay: 'Not now',
      danger: true,
      reason: 'Why is it paused?',
    });
    if (reason === false) return;
    await act(async () => {
      await client.POST('/api/v1/pause', { body: { reason } });
      await afterwards();
    }, 'Waybill is paused');
  };
  const resume = () =>
    act(async () => {
      await client.DELETE('/api/v1/pause');
      await afterwards();
    }, 'Waybill goes on');
  return { pause, resume };
}
