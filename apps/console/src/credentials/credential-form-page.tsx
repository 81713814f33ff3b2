import { TextInput } from '@mantine/core';
import { credentialCreate, credentialUpdate, type Credential } from '@waybill/contracts/credentials.js';
import { useCan } from '../access/session.js';
import { api, client, refresh } from '../api.js';
import { Awaiting } from '../ui/awaiting.js';
import { useBodyForm } from '../form.js';
import { paths } from '../paths.js';
import { PartnerPick } from '../pickers.js';
import { missingInTrust, TrustChoice } from '../trust-choice.js';
import { DeleteButton } from '../ui/delete-button.js';
import { Facts } from '../ui/facts.js';
import { FieldRow, FormLayout, FormSection } from '../ui/form-layout.js';
import { useGo } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Page } from '../ui/page.js';
import { PasswordField } from '../ui/password-field.js';
import { toast } from '../ui/toast.js';

const CRUMBS = [{ label: 'Credentials', href: paths.credentials.list() }];

export function CredentialCreatePage() {
  return (
    <Page title="New credential" crumbs={CRUMBS} narrow>
      <CreateForm />
    </Page>
  );
}

export function CredentialPage({ id }: { id: string }) {
  const can = useCan();
  const go = useGo();
  const path = { params: { path: { id } } };
  const one = api.useQuery('get', '/api/v1/credentials/{id}', path);
  const credential = one.data;
  return (
    <Page
      title={credential?.name ?? 'Credential'}
      crumbs={CRUMBS}
      narrow
      actions={
        credential !== undefined &&
        can('credential:write') && (
          <DeleteButton
            what="credential"
            name={credential.name}
            body="Only possible when no endpoint uses it any more. The sealed password is destroyed."
            remove={async () => {
              await client.DELETE('/api/v1/credentials/{id}', path);
              go(paths.credentials.list(), { force: true });
              await refresh('/api/v1/credentials');
            }}
          />
        )
      }
    >
      {credential !== undefined && (
        <>
          <Facts
            columns={2}
            facts={[
              ['User name', <code key="user">{credential.username}</code>],
              ['Sealed for', credential.sealedFor.length === 0 ? 'No host' : credential.sealedFor.join(', ')],
              ['Password set', <Instant key="at" at={credential.rotatedAt} full />],
              ['Endpoints', credential.endpointCount],
            ]}
          />
          <div style={{ height: 16 }} />
          {can('credential:write') && <EditForm credential={credential} />}
        </>
      )}
      <Awaiting query={one} />
    </Page>
  );
}

function CreateForm() {
  const go = useGo();
  const { form, frame } = useBodyForm({
    initial: {
      name: '',
      partnerId: null as string | null,
      username: '',
      password: '',
      sealFor: {
        host: '',
        trust: {
          mode: 'system_cas' as 'system_cas' | 'chosen_cas' | 'pinned_keys',
          certificateIds: [] as string[],
        },
      },
    },
    schema: credentialCreate,
    check: ({ sealFor }) => missingInTrust(sealFor.trust, 'sealFor.trust'),
    toBody: (values) => values,
    send: (body) => client.POST('/api/v1/credentials', { body }),
    done: async () => {
      await refresh('/api/v1/credentials');
      toast.done('The credential is made', 'Choose it when you make an endpoint for this host.');
      go(paths.credentials.list());
    },
  });
  const field = form.getInputProps;
  return (
    <FormLayout
      label="New credential"
      submit="Create credential"
      frame={frame}
      cancelTo={paths.credentials.list()}
    >
      <FormSection title="Credential">
        <TextInput label="Name" required autoFocus {...field('name')} />
        <PartnerPick label="Partner" {...field('partnerId')} />
        <FieldRow>
          <TextInput
            label="User name"
            required
            autoComplete="off"
            spellCheck={false}
            {...field('username')}
          />
          <PasswordField label="Password" required autoComplete="new-password" {...field('password')} />
        </FieldRow>
      </FormSection>
      <FormSection
        title="Sealed for"
        hint="The password can be opened for this server only, so that nobody can send it to another."
      >
        <TextInput
          label="Host"
          placeholder="ftps.example.com"
          required
          spellCheck={false}
          {...field('sealFor.host')}
        />
        <TrustChoice
          mode={field('sealFor.trust.mode')}
          certificates={field('sealFor.trust.certificateIds')}
        />
      </FormSection>
    </FormLayout>
  );
}

function EditForm({ credential }: { credential: Credential }) {
  const go = useGo();
  const { form, frame } = useBodyForm({
    initial: { name: credential.name, username: credential.username, password: '' },
    schema: credentialUpdate,
    toBody: (values) => ({ ...values, password: values.password === '' ? undefined : values.password }),
    send: (body) =>
      client.PATCH('/api/v1/credentials/{id}', { params: { path: { id: credential.id } }, body }),
    done: async () => {
      await refresh('/api/v1/credentials', '/api/v1/endpoints');
      toast.done('The credential is saved');
      go(paths.credentials.list());
    },
  });
  const field = form.getInputProps;
  return (
    <FormLayout
      label="Edit credential"
      isShort
      submit="Save"
      frame={frame}
      cancelTo={paths.credentials.list()}
    >
      <FormSection title="Credential">
        <TextInput label="Name" required {...field('name')} />
        <FieldRow>
          <TextInput
            label="User name"
            required
            autoComplete="off"
            spellCheck={false}
            {...field('username')}
          />
          <PasswordField
            label="New password"
            description="Leave it empty to keep the sealed one. A new one is sealed for the same hosts."
            autoComplete="new-password"
            {...field('password')}
          />
        </FieldRow>
      </FormSection>
    </FormLayout>
  );
}
