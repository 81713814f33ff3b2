import { Checkbox, NumberInput, Radio, Select, TextInput } from '@mantine/core';
import { proxy } from '@waybill/contracts/ftps-settings.js';
import { CredentialPick } from '../pickers.js';
import { FieldRow } from '../ui/form-layout.js';
import { PasswordField } from '../ui/password-field.js';
import { PROXY_KINDS } from '../words.js';
import type { EndpointForm } from './endpoint-values.js';
import classes from './endpoints.module.css';
import type { ProxyValue } from './setting-values.js';

const KINDS = [
  { value: 'none', label: 'None' },
  ...Object.entries(PROXY_KINDS).map(([value, label]) => ({ value, label })),
];

/** Which proxy, and where; the login of it is beside this. */
export function ProxyAddress({ form, label, hint }: { form: EndpointForm; label: string; hint: string }) {
  const { kind } = form.getValues().settings.proxy as ProxyValue;
  const field = form.getInputProps;
  return (
    <div className={classes.choices}>
      <Select
        label={label}
        description={hint}
        data={KINDS}
        allowDeselect={false}
        {...field('settings.proxy.kind')}
      />
      {kind !== 'none' && (
        <>
          <FieldRow tracks="minmax(0, 1fr) 120px">
            <TextInput
              label="Host of the proxy"
              required
              spellCheck={false}
              {...field('settings.proxy.host')}
            />
            <NumberInput
              label="Its port"
              required
              min={1}
              max={65_535}
              allowDecimal={false}
              hideControls
              {...field('settings.proxy.port')}
            />
          </FieldRow>
          <Checkbox
            label="The proxy looks up names"
            description={proxy.shape.resolvesNames.description}
            {...field('settings.proxy.resolvesNames', { type: 'checkbox' })}
          />
        </>
      )}
    </div>
  );
}

/** How Waybill logs in at the proxy, where that asks for it. */
export function ProxyLoginFields({
  form,
  hasPassword,
  passwordNeeded,
}: {
  form: EndpointForm;
  hasPassword: boolean;
  passwordNeeded: boolean;
}) {
  const { proxyLogin, settings } = form.getValues();
  if ((settings.proxy as ProxyValue).kind === 'none') return null;
  const field = form.getInputProps;
  return (
    <div className={classes.choices} data-wide>
      <Radio.Group label="Login at the proxy" {...field('proxyLogin')}>
        <div className={classes.choices}>
          <Radio value="none" label="None" />
          <Radio value="own" label="A login for this endpoint" />
          <Radio value="existing" label="A credential that is there already" />
        </div>
      </Radio.Group>
      {proxyLogin !== 'none' && (
        <FieldRow>
          {proxyLogin === 'existing' ? (
            <CredentialPick label="Credential for the proxy" required {...field('proxyCredentialId')} />
          ) : (
            <TextInput
              label="User name at the proxy"
              autoComplete="off"
              spellCheck={false}
              required
              {...field('proxyUsername')}
            />
          )}
          <PasswordField
            label="Password at the proxy"
            description={
              passwordNeeded || !hasPassword
                ? 'Sealed on arrival for the host of this proxy.'
                : 'Leave it empty to keep the sealed one.'
            }
            autoComplete="new-password"
            required={passwordNeeded || (proxyLogin === 'own' && !hasPassword)}
            {...field('proxyPassword')}
          />
        </FieldRow>
      )}
    </div>
  );
}
