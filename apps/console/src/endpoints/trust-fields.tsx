import { Select, TextInput } from '@mantine/core';
import { TrustChoice } from '../trust-choice.js';
import { FieldRow, FormSection } from '../ui/form-layout.js';
import type { EndpointForm } from './endpoint-values.js';

/** How the server proves that it is itself. */
export function TrustFields({ form }: { form: EndpointForm }) {
  const field = form.getInputProps;
  return (
    <FormSection
      title="Trust"
      hint="How the server proves that it is itself. Changing it asks for the password again."
    >
      <TrustChoice mode={field('trust.mode')} certificates={field('trust.certificateIds')} />
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
