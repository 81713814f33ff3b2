import { Button, TextInput } from '@mantine/core';
import type { Me } from '@waybill/contracts/access.js';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { client } from '../api.js';
import { Failure } from '../ui/failure.js';
import { PasswordField } from '../ui/password-field.js';
import classes from './door.module.css';

/** E-mail and password. Small on purpose: it is the first thing that is loaded, and checks nothing that the API checks. */
export function SignInForm({
  email: given,
  hint,
  done,
}: {
  /** Where only this person may go on. */
  email?: string;
  hint?: ReactNode;
  done: (me: Me) => void;
}) {
  const [email, setEmail] = useState(given ?? '');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    try {
      const { data } = await client.POST('/api/v1/session', { body: { email, password } });
      if (data !== undefined) done(data as Me);
    } catch (error) {
      setFailure(error);
      setPassword('');
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className={classes.form} onSubmit={(event) => void submit(event)} aria-label="Sign in">
      {failure === null ? hint : <Failure error={failure} />}
      <TextInput
        label="E-mail"
        type="email"
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        readOnly={given !== undefined}
        required
        withAsterisk={false}
        data-autofocus={given === undefined ? true : undefined}
        autoFocus={given === undefined}
      />
      <PasswordField
        label="Password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        required
        withAsterisk={false}
        data-autofocus={given === undefined ? undefined : true}
      />
      <Button type="submit" loading={busy} fullWidth>
        Sign in
      </Button>
    </form>
  );
}
