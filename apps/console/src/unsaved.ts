/** What was typed into a form and not saved is not lost by accident: not by a link, nor by the end of the session. */
import { useBlocker } from '@tanstack/react-router';
import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import { useConfirm } from './ui/confirm.js';

const forms = new Set<() => boolean>();

/** Whether a form on the page holds what is not saved. */
export const hasUnsaved = (): boolean => [...forms].some((isDirty) => isDirty());

/** Asks before the page is left while the form is dirty. */
export function useUnsavedGuard(isDirty: () => boolean): void {
  const confirm = useConfirm();
  const latest = useRef(isDirty);
  useLayoutEffect(() => void (latest.current = isDirty));
  const ask = useCallback(() => latest.current(), []);
  useEffect(() => {
    forms.add(ask);
    return () => void forms.delete(ask);
  }, [ask]);
  const shouldBlockFn = useCallback(
    async () =>
      ask() &&
      (await confirm({
        title: 'Leave without saving?',
        body: 'What you changed here is lost then.',
        confirm: 'Leave',
        stay: 'Stay',
        danger: true,
      })) === false,
    [ask, confirm],
  );
  useBlocker({ shouldBlockFn, enableBeforeUnload: ask });
}
