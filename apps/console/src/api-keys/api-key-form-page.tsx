import { Button, TextInput } from '@mantine/core';
import { apiKeyCreate, type ApiKeyCreated } from '@waybill/contracts/access.js';
import type { Role } from '@waybill/contracts/permissions.js';
import { useState } from 'react';
import { client, refresh } from '../api.js';
import { dayStart } from '../format.js';
import { useBodyForm } from '../form.js';
import { paths } from '../paths.js';
import { RoleChoice } from '../role-choice.js';
import { Copy } from '../ui/copy.js';
import { FormLayout, FormSection } from '../ui/form-layout.js';
import { Go } from '../ui/go.js';
import { Notice } from '../ui/notice.js';
import { Page } from '../ui/page.js';

const CRUMBS = [{ label: 'API keys', href: paths.apiKeys.list() }];

export function ApiKeyCreatePage() {
  const [made, setMade] = useState<ApiKeyCreated | null>(null);
  return (
    <Page title={made === null ? 'New API key' : made.name} crumbs={CRUMBS} narrow>
      {made === null ? <CreateForm onMade={setMade} /> : <Made made={made} />}
    </Page>
  );
}

/** The key itself: shown this once. */
function Made({ made }: { made: ApiKeyCreated }) {
  const example = `curl -H 'Authorization: Bearer ${made.key}' ${window.location.origin}/api/v1/transfers`;
  return (
    <div style={{ maxWidth: 720, display: 'grid', gap: 16 }}>
      <Notice tone="ok" title="The key is made. Copy it now: it is shown this once." />
      <div aria-label="The API key" role="group">
        <Copy wide text={made.key} label="Copy the key" />
      </div>
      <p className="soft">Try it:</p>
      <Copy wide text={example} label="Copy the command" />
      <div>
        <Button component={Go} href={paths.apiKeys.list()}>
          I have stored it
        </Button>
      </div>
    </div>
  );
}

function CreateForm({ onMade }: { onMade: (made: ApiKeyCreated) => void }) {
  const { form, frame } = useBodyForm({
    initial: { name: '', role: 'operator' as Role, expiresOn: '' },
    schema: apiKeyCreate,
    fieldOf: (path) => (path === 'expiresAt' ? 'expiresOn' : path),
    toBody: ({ name, role, expiresOn }) => ({
      name,
      role,
      expiresAt: expiresOn === '' ? null : dayStart(expiresOn, 1),
    }),
    send: async (body) => (await client.POST('/api/v1/api-keys', { body })).data,
    done: async (made) => {
      await refresh('/api/v1/api-keys');
      if (made !== undefined) onMade(made);
    },
  });
  return (
    <FormLayout label="New API key" submit="Create key" frame={frame} cancelTo={paths.apiKeys.list()}>
      <FormSection title="Key" hint="Give it no more than its program needs, and an end.">
        <TextInput
          label="Name"
          description="The program that uses it, as in erp-export. It stands in the audit log."
          required
          autoFocus
          {...form.getInputProps('name')}
        />
        <RoleChoice {...form.getInputProps('role')} />
        <TextInput
          type="date"
          label="Last day"
          description="After it the key is refused. Leave it empty for a key without an end."
          styles={{ wrapper: { maxWidth: 200 } }}
          {...form.getInputProps('expiresOn')}
        />
      </FormSection>
    </FormLayout>
  );
}
