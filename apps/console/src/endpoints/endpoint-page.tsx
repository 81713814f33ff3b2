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
import { Facts, Section } from '../ui/facts.js';
import { Go, useGo } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Mark } from '../ui/mark.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';
import { Notice } from '../ui/notice.js';
import { PROTOCOLS, TRUST_MODES, WEAKENING, remedyFor } from '../words.js';
import { addressOf } from './endpoint-columns.js';
import { endpointLook } from './endpoint-look.js';
import { EndpointTestView } from './endpoint-test-view.js';
import { tuningFrom } from './endpoint-values.js';
import { DEFAULT_TUNING, FIELD_GROUPS } from './setting-fields.js';
import { isDefault, wordsOf } from './setting-values.js';
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

/** What was set otherwise than most endpoints have it; nothing where nothing was. */
function ChangedSettings({ endpoint }: { endpoint: Endpoint }) {
  if (endpoint.settings === null) return null;
  const tuning = tuningFrom(endpoint);
  const changed = FIELD_GROUPS.filter(({ isFor }) => isFor?.(endpoint.protocol) ?? true)
    .flatMap(({ fields }) => fields)
    .filter(({ when }) => when?.({ protocol: endpoint.protocol, tuning }) ?? true)
    .filter(({ name }) => !isDefault(name, tuning[name]));
  return (
    <Section title="Other than usual">
      {changed.length === 0 ? (
        <p className="soft">Every other setting is as its default.</p>
      ) : (
        <Facts
          columns={2}
          facts={changed.map((spec) => [
            spec.label,
            <span key={spec.name} data-hint={`By default: ${wordsOf(spec, DEFAULT_TUNING[spec.name])}`}>
              {wordsOf(spec, tuning[spec.name])}
            </span>,
          ])}
        />
      )}
    </Section>
  );
}

function Settings({ endpoint }: { endpoint: Endpoint }) {
  const { protocol, partner, basePath, rootName, credential, hasPassword } = endpoint;
  const { clientCertificate, proxyCredential, hasProxyPassword } = endpoint;
  // There is nobody to know where nothing is encrypted.
  const trust = protocol === 'ftp' ? null : endpoint.trust;
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
              <Go href={paths.credentials.one(credential.id)} className="link">
                {credential.name}
              </Go>
            </span>
          ),
        ],
        [
          'Password',
          hasPassword ? `Sealed for this host${trust === null ? '' : ' and trust'}` : 'Must be entered again',
        ],
        trust === null
          ? null
          : [
              'Trust',
              trust.mode === 'system_cas' ? TRUST_MODES.system_cas : <Trusted key="t" trust={trust} />,
            ],
        trust === null ? null : ['Certificate name', trust.serverName ?? 'The host'],
        clientCertificate === null
          ? null
          : [
              'Certificate of ours',
              <Go
                key="cc"
                href={paths.certificates.list({ search: clientCertificate.name })}
                className="link"
              >
                {clientCertificate.name}
              </Go>,
            ],
        proxyCredential === null
          ? null
          : [
              'Login at the proxy',
              <span key="pc">
                <code>{proxyCredential.username}</code>,{' '}
                <Go href={paths.credentials.one(proxyCredential.id)} className="link">
                  {proxyCredential.name}
                </Go>
                {!hasProxyPassword && '; its password must be entered again'}
              </span>,
            ],
        ['Changed', <Instant key="u" at={endpoint.updatedAt} full />],
      ]}
    />
  );
}

/** What the endpoint trusts, by name. */
function Trusted({ trust: { mode, certificateIds } }: { trust: NonNullable<Endpoint['trust']> }) {
  const kind = mode === 'chosen_cas' ? 'ca' : 'pinned_key';
  const list = api.useQuery('get', '/api/v1/certificates', { params: { query: { kind, limit: 200 } } });
  const trusted = (list.data?.items ?? []).filter(({ id }) => certificateIds.includes(id));
  return (
    <>
      {TRUST_MODES[mode]}
      {trusted.map(({ id, name }, index) => (
        <span key={id}>
          {index === 0 ? ': ' : ', '}
          <Go href={paths.certificates.list({ search: name })} className="link">
            {name}
          </Go>
        </span>
      ))}
    </>
  );
}
