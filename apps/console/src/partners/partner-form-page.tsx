import { TagsInput, Textarea, TextInput } from '@mantine/core';
import { partnerCreate, type Partner } from '@waybill/contracts/partners.js';
import { api, client, refresh } from '../api.js';
import { ReadAnew } from '../ui/awaiting.js';
import { useBodyForm } from '../form.js';
import { paths } from '../paths.js';
import { FieldRow, FormLayout, FormSection } from '../ui/form-layout.js';
import { useGo } from '../ui/go.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';

export function PartnerCreatePage() {
  return (
    <Page title="New partner" crumbs={[{ label: 'Partners', href: paths.partners.list() }]} narrow>
      <PartnerForm partner={null} />
    </Page>
  );
}

export function PartnerEditPage({ id }: { id: string }) {
  const one = api.useQuery('get', '/api/v1/partners/{id}', { params: { path: { id } } }, { staleTime: 0 });
  const crumbs = [
    { label: 'Partners', href: paths.partners.list() },
    { label: one.data?.name ?? 'Partner', href: paths.partners.one(id) },
  ];
  return (
    <Page title="Edit partner" crumbs={crumbs} narrow>
      <ReadAnew query={one}>{(partner) => <PartnerForm partner={partner} />}</ReadAnew>
    </Page>
  );
}

function PartnerForm({ partner }: { partner: Partner | null }) {
  const go = useGo();
  const { form, frame } = useBodyForm({
    initial: {
      name: partner?.name ?? '',
      description: partner?.description ?? '',
      contactName: partner?.contactName ?? '',
      contactEmail: partner?.contactEmail ?? '',
      tags: partner?.tags ?? [],
    },
    schema: partnerCreate,
    toBody: (values) => values,
    stored: partner,
    send: async (body, header) =>
      partner === null
        ? (await client.POST('/api/v1/partners', { body })).data
        : (
            await client.PATCH('/api/v1/partners/{id}', {
              params: { path: { id: partner.id }, header },
              body,
            })
          ).data,
    done: async (saved) => {
      await refresh('/api/v1/partners');
      toast.done(partner === null ? 'The partner is made' : 'The partner is saved');
      if (saved !== undefined) go(paths.partners.one(saved.id));
    },
  });
  const field = form.getInputProps;
  return (
    <FormLayout
      label={partner === null ? 'New partner' : 'Edit partner'}
      submit={partner === null ? 'Create partner' : 'Save'}
      frame={frame}
      cancelTo={partner === null ? paths.partners.list() : paths.partners.one(partner.id)}
    >
      <FormSection title="Partner" hint="An organisation that you exchange files with.">
        <TextInput label="Name" required autoFocus={partner === null} {...field('name')} />
        <Textarea
          label="Description"
          description="What somebody on call should know about it."
          autosize
          minRows={2}
          maxRows={8}
          {...field('description')}
        />
        <TagsInput
          label="Tags"
          description="For filtering: letters, digits and dashes; capitals become small. Enter ends a tag."
          {...field('tags')}
        />
      </FormSection>
      <FormSection title="Contact" hint="Whom to ask when something does not arrive.">
        <FieldRow>
          <TextInput label="Contact name" {...field('contactName')} />
          <TextInput label="Contact e-mail" type="email" {...field('contactEmail')} />
        </FieldRow>
      </FormSection>
    </FormLayout>
  );
}
