import { Button, TextInput } from '@mantine/core';
import { setUp } from '@waybill/contracts/access.js';
import { useState } from 'react';
import { api, client } from '../api.js';
import { useBodyForm } from '../form.js';
import { paths } from '../paths.js';
import { Failure } from '../ui/failure.js';
import { Go, useGo } from '../ui/go.js';
import { Notice } from '../ui/notice.js';
import { PasswordField } from '../ui/password-field.js';
import { Door } from './door.js';
import classes from './door.module.css';
import { beginSession } from './session.js';

/** The token comes in the fragment, which browsers send to nobody. */
const readToken = (): string => new URLSearchParams(window.location.hash.slice(1)).get('token') ?? '';

/** The first administrator, by the one-time link. */
export function SetUpPage() {
  const state = api.useQuery('get', '/api/v1/set-up', {}, { retry: false });
  const [token] = useState(readToken);
  if (state.isPending) return null;
  if (state.error !== null) {
    return (
      <Door title="Set up Waybill">
        <div className={classes.form}>
          {(state.error as { code?: string }).code === 'not_found' ? (
            <Notice tone="mute" shape="check" title="Waybill is set up already">
              This link works once.{' '}
              <Go href={paths.signIn()} className="link">
                Sign in
              </Go>
              , or ask an administrator for an account.
            </Notice>
          ) : (
            <Failure error={state.error} retry={() => void state.refetch()} />
          )}
        </div>
      </Door>
    );
  }
  return <SetUpForm token={token} />;
}

function SetUpForm({ token }: { token: string }) {
  const go = useGo();
  const { form, frame } = useBodyForm({
    initial: { token, email: '', name: '', password: '' },
    schema: setUp,
    toBody: (values) => values,
    send: async (body) => (await client.POST('/api/v1/set-up', { body })).data,
    done: (me) => {
      if (me !== undefined) beginSession(me);
      go(paths.overview, { replace: true });
    },
  });
  const { formRef, busy, failure, onSubmit } = frame;
  return (
    <Door title="Set up Waybill" lead="Make the first administrator. This account can add the others.">
      <form
        ref={formRef}
        className={classes.form}
        aria-label="Set up"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {token === '' && (
          <TextInput
            label="Set-up token"
            description="It is printed where Waybill was started, after #token= in the link."
            required
            {...form.getInputProps('token')}
          />
        )}
        {failure !== null && <Failure error={failure} />}
        <TextInput
          label="Your name"
          autoFocus
          autoComplete="name"
          required
          withAsterisk={false}
          {...form.getInputProps('name')}
        />
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          {...form.getInputProps('email')}
        />
        <PasswordField
          label="Password"
          description="At least 12 characters; a few words in a row are good."
          autoComplete="new-password"
          required
          withAsterisk={false}
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={busy} fullWidth>
          Create the administrator
        </Button>
      </form>
    </Door>
  );
}
