import { passwordChange } from '@waybill/contracts/access.js';
import { client } from '../api.js';
import { useBodyForm } from '../form.js';
import { Facts, Section } from '../ui/facts.js';
import { FormLayout, FormSection } from '../ui/form-layout.js';
import { Instant } from '../ui/instant.js';
import { Page } from '../ui/page.js';
import { PasswordField } from '../ui/password-field.js';
import { toast } from '../ui/toast.js';
import { readerZone } from '../format.js';
import { ROLE_STORIES, ROLE_WORDS } from '../words.js';
import { useMe } from './session.js';

/** Who one is, and one's password. */
export function ProfilePage() {
  const me = useMe();
  const { form, frame } = useBodyForm({
    initial: { currentPassword: '', newPassword: '' },
    schema: passwordChange,
    toBody: (values) => values,
    send: (body) => client.POST('/api/v1/me/password', { body }),
    done: () => {
      form.reset();
      toast.done('The password is changed', 'Your other sessions have ended.');
    },
  });
  return (
    <Page title="Your profile" narrow>
      <div style={{ maxWidth: 640 }}>
        <Section title="Account">
          <Facts
            facts={[
              ['Name', me.name],
              ['E-mail', me.email ?? '—'],
              ['Role', `${ROLE_WORDS[me.role]}. ${ROLE_STORIES[me.role]}`],
              ['Time zone', readerZone()],
              me.sessionExpiresAt === null
                ? null
                : ['Session ends', <Instant key="at" at={me.sessionExpiresAt} full />],
            ]}
          />
        </Section>
        <div style={{ height: 28 }} />
        <FormLayout label="Change the password" isShort submit="Change the password" frame={frame}>
          <FormSection title="Password" hint="Changing it ends your other sessions.">
            <PasswordField
              label="Current password"
              autoComplete="current-password"
              required
              {...form.getInputProps('currentPassword')}
            />
            <PasswordField
              label="New password"
              description="At least 12 characters; a few words in a row are good."
              autoComplete="new-password"
              required
              {...form.getInputProps('newPassword')}
            />
          </FormSection>
        </FormLayout>
      </div>
    </Page>
  );
}
