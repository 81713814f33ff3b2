/** Whether somebody must sign in again on top of the page: the session is over, but it holds what must not be lost. */
import { useSyncExternalStore } from 'react';

let isAsked = false;
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const setAsked = (next: boolean) => {
  isAsked = next;
  for (const listener of listeners) listener();
};

export const askToSignInAgain = (): void => setAsked(true);
export const signedInAgain = (): void => setAsked(false);
export const useSignInAsked = (): boolean => useSyncExternalStore(subscribe, () => isAsked);
