import { Modal } from '@mantine/core';
import { queryClient } from '../api.js';
import { paths } from '../paths.js';
import { signedInAgain, useSignInAsked } from './session-end.js';
import { useMe } from './session.js';
import { SignInForm } from './sign-in-form.js';

/** The same person signs in again on top of the page, which stays as it is. */
export function SignInAgain() {
  const me = useMe();
  const opened = useSignInAsked();
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
          signedInAgain();
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
