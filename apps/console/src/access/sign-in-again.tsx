import { Modal } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { queryClient } from '../api.js';
import { paths } from '../paths.js';
import { useMe } from './session.js';
import { SignInForm } from './sign-in-form.js';

let isAsked = false;
const listeners = new Set<() => void>();
const setAsked = (next: boolean) => {
  isAsked = next;
  for (const listener of listeners) listener();
};

/** The session is over, but the page holds what must not be lost: the same person signs in again on top of it. */
export const askToSignInAgain = (): void => setAsked(true);

export function SignInAgain() {
  const me = useMe();
  const opened = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => isAsked,
  );
  return (
    <Modal
      opened={opened}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      title="Your session has ended"
      overlayProps={{ backgroundOpacity: 0.5, blur: 10 }}
      zIndex={400}
    >
      <p className="soft">What you typed is still there. Sign in, and go on with it.</p>
      <SignInForm
        email={me.email ?? ''}
        done={() => {
          setAsked(false);
          void queryClient.invalidateQueries();
        }}
      />
      <p className="soft" style={{ marginTop: 16 }}>
        {/* Loaded anew: nothing of this session stays. */}
        <a className="link" href={paths.signIn()}>
          Leave the form, and sign in as somebody else
        </a>
      </p>
    </Modal>
  );
}
