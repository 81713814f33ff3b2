import { Radio, Select, TextInput } from '@mantine/core';
import { CertificatesPick } from '../pickers.js';
import { FieldRow, FormSection } from '../ui/form-layout.js';
import type { EndpointForm } from './endpoint-values.js';
import classes from './endpoints.module.css';

/** What is accepted as the server's identity. There is no way to accept everything. */
export function TrustFields({ form }: { form: EndpointForm }) {
  const { mode } = form.getValues().trust;
  const field = form.getInputProps;
  const certificateError = Object.entries(form.errors).find(([path]) =>
    path.startsWith('trust.certificateIds'),
  )?.[1];
  return (
    <FormSection
      title="Trust"
      hint="How the server proves that it is itself. Changing it asks for the password again."
    >
      <Radio.Group label="Accept" {...field('trust.mode')}>
        <div className={classes.choices}>
          <Radio
            value="system_cas"
            label="Certificates of public CAs"
            description="The right choice for a server with a bought or Let's Encrypt certificate."
          />
          <Radio
            value="chosen_cas"
            label="Certificates of chosen CAs"
            description="For a partner with a CA of its own: only the CAs listed below count."
          />
          <Radio
            value="pinned_keys"
            label="Pinned keys"
            description="Only servers that hold one of the keys listed below; for self-signed certificates."
          />
        </div>
      </Radio.Group>
      {mode !== 'system_cas' && (
        <CertificatesPick
          label={mode === 'chosen_cas' ? 'CA certificates' : 'Keys'}
          description="Import them under Certificates first. Two keys let a partner change over without a stop."
          kind={mode === 'chosen_cas' ? 'ca' : 'pinned_key'}
          {...field('trust.certificateIds')}
          error={certificateError}
        />
      )}
      <FieldRow>
        <TextInput
          label="Name in the certificate"
          description="Only where the certificate shows another name than the host."
          placeholder="The host"
          spellCheck={false}
          {...field('trust.serverName')}
        />
        <Select
          label="TLS at least"
          description="Older versions than 1.2 are never spoken."
          allowDeselect={false}
          data={[
            { value: 'TLSv1.2', label: 'TLS 1.2' },
            { value: 'TLSv1.3', label: 'TLS 1.3' },
          ]}
          {...field('tlsMinVersion')}
        />
      </FieldRow>
    </FormSection>
  );
}
