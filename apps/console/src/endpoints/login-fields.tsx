import { Radio, TextInput } from '@mantine/core';
import type { Endpoint } from '@waybill/contracts/endpoints.js';
import { CredentialPick } from '../pickers.js';
import { FieldRow } from '../ui/form-layout.js';
import { PasswordField } from '../ui/password-field.js';
import type { EndpointForm } from './endpoint-values.js';
import classes from './endpoints.module.css';

const SEALED = 'Sealed on arrival for this host and trust. Nobody can read it again.';

const passwordHint = (isExisting: boolean, endpoint: Endpoint | null): string => {
  if (isExisting) return 'Needed only where this credential was not sealed for this host before.';
  if (endpoint === null) return SEALED;
  return endpoint.hasPassword
    ? 'Leave it empty to keep the sealed one.'
    : 'No password is sealed for this host yet. Enter it.';
};

/**
 * How Waybill logs in: with a login of the endpoint's own, or with a credential that others use too. `passwordNeeded`
 * once it turned out that the sealed one cannot be used for this host and trust.
 */
export function LoginFields({
  form,
  endpoint,
  passwordNeeded,
}: {
  form: EndpointForm;
  endpoint: Endpoint | null;
  passwordNeeded: boolean;
}) {
  const { login } = form.getValues();
  const isExisting = login === 'existing';
  const field = form.getInputProps;
  const password = (
    <PasswordField
      label="Password"
      description={passwordNeeded ? SEALED : passwordHint(isExisting, endpoint)}
      autoComplete="new-password"
      required={passwordNeeded || (endpoint === null && !isExisting)}
      {...field('password')}
    />
  );
  return (
    <>
      <Radio.Group label="Log in with" {...field('login')}>
        <div className={classes.choices}>
          <Radio value="own" label="A login for this endpoint" />
          <Radio value="existing" label="A credential that is there already" />
        </div>
      </Radio.Group>
      <FieldRow>
        {isExisting ? (
          <CredentialPick label="Credential" required {...field('credentialId')} />
        ) : (
          <TextInput
            label="User name"
            autoComplete="off"
            spellCheck={false}
            required
            {...field('username')}
          />
        )}
        {password}
      </FieldRow>
    </>
  );
}
