import { Button, Radio, Textarea, TextInput } from '@mantine/core';
import { type CertificateKind, certificateImport } from '@waybill/contracts/certificates.js';
import { type ChangeEvent, useRef } from 'react';
import { client, refresh } from '../api.js';
import { orUndefined, useBodyForm } from '../form.js';
import { paths } from '../paths.js';
import { PartnerPick } from '../pickers.js';
import { FormLayout, FormSection } from '../ui/form-layout.js';
import { useGo } from '../ui/go.js';
import { Page } from '../ui/page.js';
import { PasswordField } from '../ui/password-field.js';
import { toast } from '../ui/toast.js';

const MAX_FILE_BYTES = 60_000;
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;
const HELD_A_KEY =
  'That held a private key, which does not belong here. It was not sent and is gone from this page. Enter the ' +
  'certificate alone; if somebody else may have seen the key, have it replaced.';
const KEY_APART =
  'That held the private key too, which is gone from here. Enter it in the field for it, below.';
const mono = { input: { fontFamily: 'var(--mono)', fontSize: 12, resize: 'vertical' } } as const;

const KINDS: { value: CertificateKind; label: string; description: string }[] = [
  { value: 'ca', label: 'A CA', description: 'Servers with a certificate that it signed are accepted.' },
  {
    value: 'pinned_key',
    label: "A server's key",
    description: 'To pin: only the server that holds this very key is accepted.',
  },
  {
    value: 'client',
    label: 'Ours, with its private key',
    description: 'Shown to servers that ask for a certificate (mutual TLS).',
  },
];

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
  const { form, frame } = useBodyForm({
    initial: {
      name: '',
      partnerId: null as string | null,
      kind: 'ca' as CertificateKind,
      pem: '',
      spkiSha256: '',
      privateKeyPem: '',
      passphrase: '',
    },
    schema: certificateImport,
    toBody: ({ name, partnerId, kind, ...values }) => ({
      name,
      partnerId,
      kind,
      pem: orUndefined(values.pem),
      ...(kind === 'pinned_key' && { spkiSha256: orUndefined(values.spkiSha256) }),
      ...(kind === 'client' && {
        privateKeyPem: orUndefined(values.privateKeyPem),
        passphrase: values.passphrase === '' ? undefined : values.passphrase,
      }),
    }),
    check: ({ kind, pem, privateKeyPem }) =>
      kind === 'pinned_key'
        ? []
        : [
            ...(pem.trim() === '' ? [{ path: 'pem', message: 'is needed' }] : []),
            ...(kind === 'client' && privateKeyPem.trim() === ''
              ? [{ path: 'privateKeyPem', message: 'is needed' }]
              : []),
          ],
    send: (body) => client.POST('/api/v1/certificates', { body }),
    done: async (answer) => {
      await refresh('/api/v1/certificates', '/api/v1/overview');
      toast.done(
        'The certificate is imported',
        answer.data?.kind === 'client'
          ? (answer.data.warning ?? 'Choose it at an endpoint, under TLS.')
          : 'Choose it in the trust of an endpoint.',
      );
      go(paths.certificates.list());
    },
  });
  const { kind } = form.getValues();
  const field = form.getInputProps;
  /** A private key neither stays on the screen nor leaves it. */
  const enter = (pem: string): boolean => {
    const isSecret = PRIVATE_KEY.test(pem);
    form.setFieldValue('pem', isSecret ? '' : pem);
    if (isSecret) form.setFieldError('pem', kind === 'client' ? KEY_APART : HELD_A_KEY);
    else form.clearFieldError('pem');
    return !isSecret;
  };
  const takeKey = async (chosen: File) => {
    const isSmall = chosen.size <= MAX_FILE_BYTES;
    if (isSmall) form.setFieldValue('privateKeyPem', await chosen.text());
    else form.setFieldError('privateKeyPem', `${chosen.name} is too large for a private key.`);
  };
  const take = async (chosen: File) => {
    if (chosen.size > MAX_FILE_BYTES) {
      form.setFieldError(
        'pem',
        `${chosen.name} is too large for a certificate. Choose a file of 60 kB at most.`,
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
              {KINDS.map((one) => (
                <Radio key={one.value} {...one} />
              ))}
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
        <FormSection title={kind === 'pinned_key' ? 'Certificate or key' : 'Certificate'}>
          <FileButton label="Certificate file" accept=".pem,.crt,.cer,.der" onChoose={take} />
          <Textarea
            label="Certificate in PEM form"
            withAsterisk={kind !== 'pinned_key'}
            description={
              kind === 'client'
                ? 'Ours first; its chain may follow. The private key goes below.'
                : 'One certificate. Never paste a private key here.'
            }
            placeholder={'-----BEGIN CERTIFICATE-----\n…'}
            rows={8}
            spellCheck={false}
            styles={mono}
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
          {kind === 'client' && (
            <>
              <FileButton label="Key file" accept=".pem,.key" onChoose={takeKey} />
              <Textarea
                label="Private key in PEM form"
                withAsterisk
                description="Sealed on arrival and never shown again; only the worker can open it."
                placeholder={'-----BEGIN PRIVATE KEY-----\n…'}
                rows={6}
                spellCheck={false}
                autoComplete="off"
                styles={mono}
                {...field('privateKeyPem')}
              />
              <PasswordField
                label="Passphrase"
                description="Where the private key is encrypted. It is not kept."
                {...field('passphrase')}
              />
            </>
          )}
        </FormSection>
      </FormLayout>
    </Page>
  );
}

/** A file instead of its text. */
function FileButton({
  label,
  accept,
  onChoose,
}: {
  label: string;
  accept: string;
  onChoose: (file: File) => Promise<void>;
}) {
  const input = useRef<HTMLInputElement>(null);
  const choose = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const chosen = currentTarget.files?.[0];
    if (chosen !== undefined) void onChoose(chosen);
    // The same file may be chosen again, once it was mended.
    currentTarget.value = '';
  };
  return (
    <div>
      <input ref={input} type="file" hidden accept={accept} aria-label={label} onChange={choose} />
      <Button variant="default" aria-label={`Choose a file… ${label}`} onClick={() => input.current?.click()}>
        Choose a file…
      </Button>
    </div>
  );
}
