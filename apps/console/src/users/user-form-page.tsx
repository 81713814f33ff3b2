import { Switch, TextInput } from '@mantine/core';
import { userCreate, userPasswordReset, userUpdate, type User } from '@waybill/contracts/access.js';
import type { Role } from '@waybill/contracts/permissions.js';
import { useCan } from '../access/session.js';
import { api, client, refresh } from '../api.js';
import { Awaiting } from '../ui/awaiting.js';
import { useBodyForm } from '../form.js';
import { paths } from '../paths.js';
import { RoleChoice } from '../role-choice.js';
import { Facts } from '../ui/facts.js';
import { FieldRow, FormLayout, FormSection } from '../ui/form-layout.js';
import { Go, useGo } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Mark } from '../ui/mark.js';
import { Page } from '../ui/page.js';
import { PasswordField } from '../ui/password-field.js';
import { toast } from '../ui/toast.js';
import { ROLE_WORDS } from '../words.js';
import { userLook } from './user-look.js';

const CRUMBS = [{ label: 'Users', href: paths.users.list() }];
const PASSWORD_HINT = 'At least 12 characters. Tell it in person, and ask for a change at the first sign-in.';

export function UserCreatePage() {
  const go = useGo();
  const { form, frame } = useBodyForm({
    initial: { email: '', name: '', role: 'operator' as Role, password: '' },
    schema: userCreate,
    toBody: (values) => values,
    send: (body) => client.POST('/api/v1/users', { body }),
    done: async () => {
      await refresh('/api/v1/users');
      toast.done('The user is made');
      go(paths.users.list());
    },
  });
  const field = form.getInputProps;
  return (
    <Page title="New user" crumbs={CRUMBS} narrow>
      <FormLayout label="New user" submit="Create user" frame={frame} cancelTo={paths.users.list()}>
        <FormSection title="Person">
          <FieldRow>
            <TextInput label="Name" required autoFocus autoComplete="off" {...field('name')} />
            <TextInput label="E-mail" type="email" required autoComplete="off" {...field('email')} />
          </FieldRow>
          <PasswordField
            label="First password"
            description={PASSWORD_HINT}
            autoComplete="new-password"
            required
            {...field('password')}
          />
          <RoleChoice {...field('role')} />
        </FormSection>
      </FormLayout>
    </Page>
  );
}

export function UserPage({ id }: { id: string }) {
  const can = useCan();
  const one = api.useQuery('get', '/api/v1/users/{id}', { params: { path: { id } } });
  const user = one.data as User | undefined;
  return (
    <Page
      title={user?.name ?? 'User'}
      crumbs={CRUMBS}
      mark={user !== undefined && <Mark look={userLook(user)} size={16} />}
      narrow
    >
      {user !== undefined && (
        <>
          <Facts
            columns={2}
            facts={[
              ['E-mail', user.email],
              ['Role', ROLE_WORDS[user.role]],
              [
                'Last sign-in',
                user.lastSignInAt === null ? 'Never' : <Instant key="at" at={user.lastSignInAt} full />,
              ],
              user.lockedUntil === null
                ? null
                : ['Locked until', <Instant key="lock" at={user.lockedUntil} full />],
              can('audit:read')
                ? [
                    'Events',
                    <Go key="e" href={paths.audit.list({ actorId: id })} className="link">
                      In the audit log
                    </Go>,
                  ]
                : null,
            ]}
          />
          <div style={{ height: 16 }} />
          {can('user:write') && <EditForm user={user} />}
          <div style={{ height: 24 }} />
          {can('user:write') && <ResetForm user={user} />}
        </>
      )}
      <Awaiting query={one} />
    </Page>
  );
}

function EditForm({ user }: { user: User }) {
  const go = useGo();
  const { form, frame } = useBodyForm({
    initial: { name: user.name, role: user.role, enabled: user.disabledAt === null },
    schema: userUpdate,
    toBody: ({ name, role, enabled }) => ({ name, role, disabled: !enabled }),
    send: (body) => client.PATCH('/api/v1/users/{id}', { params: { path: { id: user.id } }, body }),
    done: async () => {
      await refresh('/api/v1/users', '/api/v1/me');
      toast.done('The user is saved');
      go(paths.users.list());
    },
  });
  return (
    <FormLayout label="Edit user" isShort submit="Save" frame={frame} cancelTo={paths.users.list()}>
      <FormSection title="Person">
        <TextInput label="Name" required {...form.getInputProps('name')} />
        <RoleChoice {...form.getInputProps('role')} />
        <Switch
          label="May sign in"
          description="Off: open sessions end at once; what the person did stays on record."
          {...form.getInputProps('enabled', { type: 'checkbox' })}
        />
      </FormSection>
    </FormLayout>
  );
}

function ResetForm({ user }: { user: User }) {
  const { form, frame } = useBodyForm({
    initial: { password: '' },
    schema: userPasswordReset,
    toBody: (values) => values,
    send: (body) => client.POST('/api/v1/users/{id}/password', { params: { path: { id: user.id } }, body }),
    done: async () => {
      form.reset();
      await refresh('/api/v1/users');
      toast.done(`${user.name} has a new password`, 'Their sessions have ended and the lock is off.');
    },
  });
  return (
    <FormLayout label="Reset the password" isShort submit="Reset the password" frame={frame}>
      <FormSection title="Password" hint="Ends the person's sessions, and takes off a lock.">
        <PasswordField
          label="New password"
          description={PASSWORD_HINT}
          autoComplete="new-password"
          required
          {...form.getInputProps('password')}
        />
      </FormSection>
    </FormLayout>
  );
}
