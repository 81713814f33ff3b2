import { TextInput } from '@mantine/core';
import { TrustChoice } from '../trust-choice.js';
import { FormSection } from '../ui/form-layout.js';
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
      <TextInput
        label="Name in the certificate"
        description="Only where the certificate shows another name than the host."
        placeholder="The host"
        spellCheck={false}
        {...field('trust.serverName')}
      />
    </FormSection>
  );
}
