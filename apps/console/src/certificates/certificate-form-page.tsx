import { Button, Radio, Textarea, TextInput } from '@mantine/core';
import { certificateImport } from '@waybill/contracts/certificates.js';
import { useRef } from 'react';
import { client, refresh } from '../api.js';
import { orUndefined, useBodyForm } from '../form.js';
import { paths } from '../paths.js';
import { PartnerPick } from '../pickers.js';
import { FormLayout, FormSection } from '../ui/form-layout.js';
import { useGo } from '../ui/go.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';

const MAX_FILE_BYTES = 20_000;
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;
const HELD_A_KEY =
  'That held a private key, which does not belong here. It was not sent and is gone from this page. Enter the ' +
  'certificate alone; if somebody else may have seen the key, have it replaced.';

/** A file as PEM: binary (DER) certificates are wrapped. */
async function readAsPem(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  if (text.includes('-----BEGIN')) return text;
  const base64 = btoa(String.fromCharCode(...bytes)).replace(/(.{64})/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

/** Import: paste a certificate, choose its file, or give the hash of a key to pin. */
export function CertificateImportPage() {
  const go = useGo();
  const file = useRef<HTMLInputElement>(null);
  const { form, frame } = useBodyForm({
    initial: {
      name: '',
      partnerId: null as string | null,
      kind: 'ca' as 'ca' | 'pinned_key',
      pem: '',
      spkiSha256: '',
    },
    schema: certificateImport,
    toBody: (values) => ({
      ...values,
      pem: orUndefined(values.pem),
      spkiSha256: values.kind === 'pinned_key' ? orUndefined(values.spkiSha256) : undefined,
    }),
    send: (body) => client.POST('/api/v1/certificates', { body }),
    done: async () => {
      await refresh('/api/v1/certificates', '/api/v1/overview');
      toast.done('The certificate is imported', 'Choose it in the trust of an endpoint.');
      go(paths.certificates.list());
    },
  });
  const { kind } = form.getValues();
  const field = form.getInputProps;
  /** A private key neither stays on the screen nor leaves it. */
  const enter = (pem: string): boolean => {
    const isSecret = PRIVATE_KEY.test(pem);
    form.setFieldValue('pem', isSecret ? '' : pem);
    if (isSecret) form.setFieldError('pem', HELD_A_KEY);
    else form.clearFieldError('pem');
    return !isSecret;
  };
  const take = async (chosen: File | undefined) => {
    if (chosen === undefined) return;
    if (chosen.size > MAX_FILE_BYTES) {
      form.setFieldError(
        'pem',
        `${chosen.name} is too large for one certificate. Choose a file of 20 kB at most.`,
      );
      return;
    }
    if (!enter(await readAsPem(chosen))) return;
    if (form.getValues().name === '') form.setFieldValue('name', chosen.name.replace(/\.[a-z]+$/i, ''));
  };
  return (
    <Page
      title="Import a certificate"
      crumbs={[{ label: 'Certificates', href: paths.certificates.list() }]}
      narrow
    >
      <FormLayout
        label="Import a certificate"
        submit="Import"
        frame={frame}
        cancelTo={paths.certificates.list()}
      >
        <FormSection title="What it is for">
          <Radio.Group label="Kind" {...field('kind')}>
            <div className="radios">
              <Radio
                value="ca"
                label="A CA"
                description="Servers with a certificate that it signed are accepted."
              />
              <Radio
                value="pinned_key"
                label="A server's key"
                description="To pin: only the server that holds this very key is accepted."
              />
            </div>
          </Radio.Group>
          <TextInput
            label="Name"
            description="What people will choose it by."
            required
            autoFocus
            {...field('name')}
          />
          <PartnerPick label="Partner" {...field('partnerId')} />
        </FormSection>
        <FormSection title={kind === 'ca' ? 'Certificate' : 'Certificate or key'}>
          <div>
            <input
              ref={file}
              type="file"
              hidden
              accept=".pem,.crt,.cer,.der"
              aria-label="Certificate file"
              onChange={(event) => void take(event.currentTarget.files?.[0])}
            />
            <Button variant="default" onClick={() => file.current?.click()}>
              Choose a file…
            </Button>
          </div>
          <Textarea
            label="Certificate in PEM form"
            withAsterisk={kind === 'ca'}
            description="One certificate. Never paste a private key here."
            placeholder={'-----BEGIN CERTIFICATE-----\n…'}
            rows={8}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mono)', fontSize: 12, resize: 'vertical' } }}
            {...field('pem')}
            onChange={(event) => enter(event.currentTarget.value)}
          />
          {kind === 'pinned_key' && (
            <TextInput
              label="Or the SHA-256 of the public key"
              description="In hex or base64, where there is no certificate at hand."
              spellCheck={false}
              {...field('spkiSha256')}
            />
          )}
        </FormSection>
      </FormLayout>
    </Page>
  );
}
