import { Radio } from '@mantine/core';
import type { TrustMode } from '@waybill/contracts/trust.js';
import type { FieldError } from './form.js';
import { CertificatesPick } from './pickers.js';

/** What a trust policy that lists certificates needs; `path` is where it is within the form. */
export const missingInTrust = (
  { mode, certificateIds }: { mode: TrustMode; certificateIds: string[] },
  path: string,
): FieldError[] =>
  mode === 'system_cas' || certificateIds.length > 0
    ? []
    : [
        {
          path: `${path}.certificateIds`,
          message: `needs at least one ${mode === 'chosen_cas' ? 'CA certificate' : 'server’s key'}; import it first`,
        },
      ];

interface Field<Value> {
  value?: Value;
  onChange: (value: Value) => void;
  error?: React.ReactNode;
}

/** What is accepted as a server's identity: the mode, and what it lists. There is no way to accept everything. */
export function TrustChoice({
  mode,
  certificates,
}: {
  mode: Field<TrustMode>;
  certificates: Field<string[]>;
}) {
  const chooseMode = (value: string) => {
    mode.onChange(value as TrustMode);
    // A CA is no key, nor a key a CA.
    certificates.onChange([]);
  };
  return (
    <>
      <Radio.Group label="Accept" {...mode} onChange={chooseMode}>
        <div className="radios">
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
      {mode.value !== 'system_cas' && (
        <CertificatesPick
          label={mode.value === 'chosen_cas' ? 'CA certificates' : 'Servers’ keys'}
          description="Import them under Certificates first. Two let a partner change over without a stop."
          kind={mode.value === 'chosen_cas' ? 'ca' : 'pinned_key'}
          {...certificates}
        />
      )}
    </>
  );
}
