import { Button } from '@mantine/core';
import type { Endpoint } from '@waybill/contracts/endpoints.js';
import { useState, type ReactNode } from 'react';
import { useCan } from '../access/session.js';
import { api, client, refresh } from '../api.js';
import { useAsked } from '../exception-standing.js';
import { ActButton } from '../ui/act-button.js';
import { Awaiting } from '../ui/awaiting.js';
import { HoldNotice } from '../hold-notice.js';
import { paths } from '../paths.js';
import { DeleteButton } from '../ui/delete-button.js';
import { Section } from '../ui/facts.js';
import { Go, useGo } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Mark } from '../ui/mark.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';
import { Notice } from '../ui/notice.js';
import { WEAKENING, remedyFor } from '../words.js';
import { addressOf } from './endpoint-columns.js';
import { endpointLook } from './endpoint-look.js';
import { ChangedSettings, Settings } from './endpoint-settings.js';
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
        {endpoint.heldAt !== null && <Hold endpoint={endpoint} since={endpoint.heldAt} />}
        {endpoint.deviations.length > 0 && <Deviations endpoint={endpoint} />}
        {shownTest !== null && (
          <Section title={testId === null ? 'Last test' : 'Test'}>
            <EndpointTestView testId={shownTest} isLocal={endpoint.protocol === 'local_folder'} />
          </Section>
        )}
        {panels['exceptions']}
        <Section title="Settings">
          <Settings endpoint={endpoint} />
        </Section>
        <ChangedSettings endpoint={endpoint} />
        {panels['routes']}
      </div>
    </Page>
  );
}

function Actions({ endpoint, onTest }: { endpoint: Endpoint; onTest: (testId: string) => void }) {
  const can = useCan();
  const go = useGo();
  const path = { params: { path: { id: endpoint.id } } };
  const test = async () => {
    try {
      const { data } = await client.POST('/api/v1/endpoints/{id}/test', path);
      if (data !== undefined) onTest(data.id);
      await refresh('/api/v1/endpoints');
    } catch (error) {
      toast.failed(error);
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
            remove={async () => {
              await client.DELETE('/api/v1/endpoints/{id}', path);
              go(paths.endpoints.list());
              await refresh('/api/v1/endpoints', '/api/v1/partners', '/api/v1/credentials');
            }}
          />
          <Button variant="default" component={Go} href={paths.endpoints.edit(endpoint.id)}>
            Edit
          </Button>
        </>
      )}
      {can('endpoint:test') && <ActButton act={test}>Test the connection</ActButton>}
    </>
  );
}

/** What puts right what an endpoint is on hold for: the button, and the field that it leads to; null where no field does. */
function holdRemedy({ heldKind, trust }: Endpoint): { text: string; field: string } | null {
  const { text, field } = remedyFor(heldKind);
  if (field === undefined) return null;
  // Where public CAs count, no certificates are listed: another mode comes first.
  const isListed = field === 'trust.mode' && trust?.mode !== 'system_cas';
  return { text, field: isListed ? 'trust.certificateIds' : field };
}

function Hold({ endpoint, since }: { endpoint: Endpoint; since: string }) {
  const can = useCan();
  const { id, name, heldReason, lastTest } = endpoint;
  const remedy = holdRemedy(endpoint);
  const hasPassedSince =
    lastTest?.state === 'passed' && lastTest.finishedAt !== null && lastTest.finishedAt > since;
  const release = async () => {
    await client.POST('/api/v1/endpoints/{id}/release', { params: { path: { id } } });
    await refresh('/api/v1/endpoints', '/api/v1/routes', '/api/v1/overview', '/api/v1/transfers');
  };
  return (
    <HoldNotice
      title="This endpoint is on hold: no route uses it until somebody releases it"
      name={name}
      since={since}
      release={can('endpoint:write') && release}
      isReady={hasPassedSince}
      remedy={
        !hasPassedSince &&
        remedy !== null && (
          <Button
            size="compact-sm"
            variant="default"
            component={Go}
            href={paths.endpoints.edit(id, { field: remedy.field })}
          >
            {remedy.text}
          </Button>
        )
      }
    >
      {heldReason}{' '}
      {can('endpoint:write') &&
        (hasPassedSince
          ? 'A test has passed since then. Release it, and the transfers that wait for it go on.'
          : 'Put it right, test the connection, then release it: the transfers that wait for it go on.')}
    </HoldNotice>
  );
}

/** What weakens protection or proof there, and whether it may. */
function Deviations({ endpoint }: { endpoint: Endpoint }) {
  const { id, name, deviations } = endpoint;
  const can = useCan();
  const isAsked = useAsked(endpoint);
  return deviations.map(({ kind, coveredBy, coveredUntil }) => (
    <Notice
      key={kind}
      tone="warn"
      shape={coveredBy === null ? 'slash' : 'question'}
      title={`${WEAKENING[kind].word}: ${coveredBy === null ? `nothing is sent to ${name} without an exception` : 'permitted by an exception'}`}
      actions={
        coveredBy === null &&
        !isAsked(kind) &&
        can('exception:request') && (
          <Button
            size="compact-sm"
            variant="default"
            component={Go}
            href={paths.exceptions.create({ endpointId: id })}
          >
            Ask for an exception
          </Button>
        )
      }
    >
      {WEAKENING[kind].says}
      {coveredBy === null &&
        isAsked(kind) &&
        ' An exception waits for an administrator, who approves it in its details below.'}
      {coveredUntil !== null && (
        <>
          {' '}
          Until <Instant at={coveredUntil} full />.
        </>
      )}
    </Notice>
  ));
}
