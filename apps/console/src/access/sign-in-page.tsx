import { useSearch } from '@tanstack/react-router';
import { paths } from '../paths.js';
import { useGo } from '../ui/go.js';
import { Notice } from '../ui/notice.js';
import { Door } from './door.js';
import { beginSession } from './session.js';
import { SignInForm } from './sign-in-form.js';

/** Where to go after signing in: only to a path of this console. */
const safePath = (to: string | undefined): string =>
  to !== undefined && /^\/(?![/\\])/.test(to) ? to : paths.overview;

/** Sign-in. */
export function SignInPage() {
  const go = useGo();
  const { to } = useSearch({ strict: false }) as { to?: string };
  return (
    <Door title="Sign in">
      <SignInForm
        hint={
          to !== undefined &&
          to !== '/' && (
            <Notice tone="mute" shape="clock" title="Sign in to go on">
              You will be taken back to where you were.
            </Notice>
          )
        }
        done={(me) => {
          beginSession(me);
          go(safePath(to), { replace: true });
        }}
      />
    </Door>
  );
}
