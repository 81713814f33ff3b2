import { useSearch } from '@tanstack/react-router';
import {
  endpointCreate,
  endpointUpdate,
  type Endpoint,
  type EndpointCreate,
  type EndpointUpdate,
} from '@waybill/contracts/endpoints.js';
import { useState } from 'react';
import type { ZodType } from 'zod';
import { api, client, refresh } from '../api.js';
import { ReadAnew } from '../ui/awaiting.js';
import { useBodyForm } from '../form.js';
import { paths } from '../paths.js';
import { CertificatePick } from '../pickers.js';
import { FormLayout } from '../ui/form-layout.js';
import { useGo } from '../ui/go.js';
import { Notice } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';
import { ProtocolFields, FolderFields, ServerFields } from './endpoint-fields.js';
import { LoginFields } from './login-fields.js';
import { ProxyLoginFields } from './proxy-fields.js';
import { SettingGroups } from './setting-group.js';
import { fieldOf, missingIn, toBody, valuesOf, type EndpointBody } from './endpoint-values.js';
import { TrustFields } from './trust-fields.js';

const CLIENT_CERTIFICATE =
  'Shown to a server that asks for one (mutual TLS). Import it under Certificates first, with its private key.';

export function EndpointCreatePage() {
  const { partnerId } = useSearch({ strict: false }) as { partnerId?: string };
  return (
    <Page title="New endpoint" crumbs={[{ label: 'Endpoints', href: paths.endpoints.list() }]} narrow>
      <EndpointForm endpoint={null} partnerId={partnerId ?? null} />
    </Page>
  );
}

export function EndpointEditPage({ id }: { id: string }) {
  const one = api.useQuery('get', '/api/v1/endpoints/{id}', { params: { path: { id } } }, { staleTime: 0 });
  const crumbs = [
    { label: 'Endpoints', href: paths.endpoints.list() },
    { label: one.data?.name ?? 'Endpoint', href: paths.endpoints.one(id) },
  ];
  return (
    <Page title="Edit endpoint" crumbs={crumbs} narrow>
      <ReadAnew query={one}>
        {(endpoint) => <EndpointForm endpoint={endpoint as Endpoint} partnerId={null} />}
      </ReadAnew>
    </Page>
  );
}

function EndpointForm({ endpoint, partnerId }: { endpoint: Endpoint | null; partnerId: string | null }) {
  const go = useGo();
  const isNew = endpoint === null;
  const { field } = useSearch({ strict: false }) as { field?: string };
  /** The field of the password that must be entered again. */
  const [needed, setNeeded] = useState<'password' | 'proxyPassword' | null>(null);
  const { form, frame } = useBodyForm({
    initial: valuesOf(endpoint, partnerId),
    schema: (isNew ? endpointCreate : endpointUpdate) as ZodType<EndpointBody>,
    check: (values) => missingIn(values, isNew),
    startAt: field,
    toBody: (values) => toBody(values, endpoint),
    fieldOf,
    stored: endpoint,
    send: async (body, header) =>
      endpoint === null
        ? (await client.POST('/api/v1/endpoints', { body: body as EndpointCreate })).data
        : (
            await client.PATCH('/api/v1/endpoints/{id}', {
              params: { path: { id: endpoint.id }, header },
              body: body as EndpointUpdate,
            })
          ).data,
    done: async (saved) => {
      await refresh('/api/v1/endpoints', '/api/v1/partners', '/api/v1/credentials', '/api/v1/routes');
      toast.done(
        isNew ? 'The endpoint is made' : 'The endpoint is saved',
        isNew ? 'Test the connection next.' : undefined,
      );
      if (saved !== undefined) go(paths.endpoints.one(saved.id));
    },
    onProblem: (error, current) => {
      if (error.code !== 'password_needed') return false;
      const path = error.problem?.errors?.[0]?.path === 'proxyPassword' ? 'proxyPassword' : 'password';
      setNeeded(path);
      current.setFieldError(path, `Enter the password for this ${path === 'password' ? 'server' : 'proxy'}`);
      window.setTimeout(() => document.querySelector<HTMLElement>(`[data-path="${path}"]`)?.focus());
      return true;
    },
  });
  const { protocol } = form.getValues();
  return (
    <FormLayout
      label={isNew ? 'New endpoint' : 'Edit endpoint'}
      submit={isNew ? 'Create endpoint' : 'Save'}
      frame={frame}
      cancelTo={isNew ? paths.endpoints.list() : paths.endpoints.one(endpoint.id)}
    >
      <ProtocolFields form={form} isNew={isNew} />
      {protocol === 'local_folder' ? (
        <FolderFields form={form} />
      ) : (
        <>
          <ServerFields
            form={form}
            login={
              <>
                {needed === 'password' && (
                  <Notice tone="warn" title="The password must be entered again">
                    It was sealed for the host, trust and encryption as they were, and can be opened for no
                    other server. That keeps it from being sent to somebody else's machine, or in the clear.
                  </Notice>
                )}
                <LoginFields form={form} endpoint={endpoint} passwordNeeded={needed === 'password'} />
              </>
            }
          />
          {protocol !== 'ftp' && <TrustFields form={form} />}
          <SettingGroups
            form={form}
            startAt={field}
            extras={{
              connection: {
                paths: ['proxyCredentialId', 'proxyUsername', 'proxyPassword', 'proxyLogin'],
                changed: 0,
                fields: (
                  <ProxyLoginFields
                    form={form}
                    hasPassword={endpoint?.hasProxyPassword ?? false}
                    passwordNeeded={needed === 'proxyPassword'}
                  />
                ),
              },
              tls: {
                paths: ['clientCertificateId'],
                changed: form.getValues().clientCertificateId === null ? 0 : 1,
                fields: (
                  <CertificatePick
                    label="Certificate of ours"
                    description={CLIENT_CERTIFICATE}
                    {...form.getInputProps('clientCertificateId')}
                  />
                ),
              },
            }}
          />
        </>
      )}
    </FormLayout>
  );
}
