import { Button } from '@mantine/core';
import type { Endpoint } from '@waybill/contracts/endpoints.js';
import { useState, type ReactNode } from 'react';
import { useCan } from '../access/session.js';
import { api, client, refresh } from '../api.js';
import { Awaiting } from '../ui/awaiting.js';
import { formatDuration } from '../format.js';
import { paths } from '../paths.js';
import { DeleteButton } from '../ui/delete-button.js';
import { Facts, Section } from '../ui/facts.js';
import { Go, useGo } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Mark } from '../ui/mark.js';
import { Notice } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';
import { PROTOCOLS, TRUST_MODES } from '../words.js';
import { addressOf, endpointLook } from './endpoint-columns.js';
import { EndpointTestView } from './endpoint-test-view.js';
import classes from './endpoints.module.css';

/** One endpoint: its settings, the test that shows its steps, and the routes that use it. */
export function EndpointPage({ id, panels }: { id: string; panels: Record<string, ReactNode> }) {
  const one = api.useQuery('get', '/api/v1/endpoints/{id}', { params: { path: { id } } });
  const [testId, setTestId] = useState<string | null>(null);
  const crumbs = [{ label: 'Endpoints', href: paths.endpoints.list() }];
  if (one.data === undefined) {
    return (
      <Page title="Endpoint" crumbs={crumbs}>
        <Awaiting query={one} />
      </Page>
    );
  }
  const endpoint = one.data as Endpoint;
  const shownTest = testId ?? endpoint.lastTest?.id ?? null;
  return (
    <Page
      title={endpoint.name}
      crumbs={crumbs}
      mark={<Mark look={endpointLook(endpoint)} size={16} />}
      lead={<code>{addressOf(endpoint)}</code>}
      actions={<Actions endpoint={endpoint} onTest={setTestId} />}
    >
      <div className={classes.stack}>
        {endpoint.heldAt !== null && <Hold endpoint={endpoint} />}
        {shownTest !== null && (
          <Section title={testId === null ? 'Last test' : 'Test'}>
            <EndpointTestView testId={shownTest} isLocal={endpoint.protocol === 'local_folder'} />
          </Section>
        )}
        <Section title="Settings">
          <Settings endpoint={endpoint} />
        </Section>
        {panels['routes']}
      </div>
    </Page>
  );
}

function Actions({ endpoint, onTest }: { endpoint: Endpoint; onTest: (testId: string) => void }) {
  const can = useCan();
  const go = useGo();
  const [busy, setBusy] = useState(false);
  const path = { params: { path: { id: endpoint.id } } };
  const test = async () => {
    setBusy(true);
    try {
      const { data } = await client.POST('/api/v1/endpoints/{id}/test', path);
      if (data !== undefined) onTest(data.id);
    } catch (error) {
      toast.failed(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {can('endpoint:write') && (
        <>
          <DeleteButton
            what="endpoint"
            name={endpoint.name}
            body="Only possible when no route uses it any more."
            remove={() => client.DELETE('/api/v1/endpoints/{id}', path)}
            done={async () => {
              await refresh('/api/v1/endpoints', '/api/v1/partners', '/api/v1/credentials');
              go(paths.endpoints.list());
            }}
          />
          <Button variant="default" component={Go} href={paths.endpoints.edit(endpoint.id)}>
            Edit
          </Button>
        </>
      )}
      {can('endpoint:test') && (
        <Button loading={busy} onClick={() => void test()}>
          Test the connection
        </Button>
      )}
    </>
  );
}

function Hold({ endpoint }: { endpoint: Endpoint }) {
  const can = useCan();
  const release = async () => {
    try {
      await client.POST('/api/v1/endpoints/{id}/release', { params: { path: { id: endpoint.id } } });
      await refresh('/api/v1/endpoints', '/api/v1/overview', '/api/v1/transfers');
      toast.done(`Released: ${endpoint.name}`);
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <Notice
      tone="warn"
      shape="pause"
      title="This endpoint is on hold: no route uses it until somebody releases it"
      actions={
        can('endpoint:write') && (
          <Button size="compact-sm" onClick={() => void release()}>
            Release
          </Button>
        )
      }
    >
      {endpoint.heldReason} Test the connection before you release it.
    </Notice>
  );
}

function Settings({ endpoint }: { endpoint: Endpoint }) {
  const { protocol, partner, basePath, rootName, trust, tlsMinVersion, credential, hasPassword } = endpoint;
  const partnerFact = [
    'Partner',
    partner === null ? (
      'Ours'
    ) : (
      <Go key="p" href={paths.partners.one(partner.id)} className="link">
        {partner.name}
      </Go>
    ),
  ] as const;
  if (protocol === 'local_folder') {
    return (
      <Facts
        columns={2}
        facts={[
          ['Protocol', PROTOCOLS[protocol]],
          ['Local root', rootName ?? '—'],
          ['Base folder', <code key="b">{basePath}</code>],
          partnerFact,
        ]}
      />
    );
  }
  return (
    <Facts
      columns={2}
      facts={[
        ['Protocol', PROTOCOLS[protocol]],
        partnerFact,
        ['Host and port', <code key="a">{addressOf(endpoint)}</code>],
        ['Base folder', <code key="b">{basePath}</code>],
        [
          'Login',
          credential === null ? (
            '—'
          ) : (
            <span key="c">
              <code>{credential.username}</code>,{' '}
              <Go href={paths.credentials.edit(credential.id)} className="link">
                {credential.name}
              </Go>
            </span>
          ),
        ],
        ['Password', hasPassword ? 'Sealed for this host and trust' : 'Must be entered again'],
        trust === null
          ? null
          : [
              'Trust',
              trust.certificateIds.length === 0 ? (
                TRUST_MODES[trust.mode]
              ) : (
                <Go key="t" href={paths.certificates.list()} className="link">
                  {TRUST_MODES[trust.mode]} ({trust.certificateIds.length})
                </Go>
              ),
            ],
        ['Name in the certificate', trust?.serverName ?? 'The host'],
        ['TLS at least', tlsMinVersion?.replace('TLSv', 'TLS ') ?? '—'],
        ['Time to connect', formatDuration(endpoint.connectTimeoutMs)],
        ['Time of silence', formatDuration(endpoint.idleTimeoutMs)],
        ['Changed', <Instant key="u" at={endpoint.updatedAt} full />],
      ]}
    />
  );
}
