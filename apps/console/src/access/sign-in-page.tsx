import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { useState, type SubmitEvent } from 'react';
import { client } from '../api.js';
import { paths } from '../paths.js';
import { Failure } from '../ui/failure.js';
import { useGo } from '../ui/go.js';
import { Notice } from '../ui/notice.js';
import { Door } from './door.js';
import classes from './door.module.css';
import { beginSession } from './session.js';

/** Where to go after signing in: only to a path of this console. */
const safePath = (to: string | undefined): string =>
  to !== undefined && /^\/(?![/\\])/.test(to) ? to : paths.overview;

/** Sign-in. Small on purpose: it is the first thing that is loaded, and checks nothing that the API checks. */
export function SignInPage() {
  const go = useGo();
  const { to } = useSearch({ strict: false }) as { to?: string };
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      const { data } = await client.POST('/api/v1/session', { body: { email, password } });
      if (data !== undefined) beginSession(data);
      go(safePath(to), { replace: true });
    } catch (error) {
      setFailure(error);
      setPassword('');
    } finally {
      setBusy(false);
    }
  };
  return (
    <Door title="Sign in">
      <form className={classes.form} onSubmit={(event) => void submit(event)} aria-label="Sign in">
        {to !== undefined && to !== '/' && failure === null && (
          <Notice tone="mute" shape="clock" title="Sign in to go on">
            You will be taken back to where you were.
          </Notice>
        )}
        {failure !== null && <Failure error={failure} />}
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          required
          withAsterisk={false}
          autoFocus
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': 'Show characters' }}
        />
        <Button type="submit" loading={busy} fullWidth>
          Sign in
        </Button>
      </form>
    </Door>
  );
}
