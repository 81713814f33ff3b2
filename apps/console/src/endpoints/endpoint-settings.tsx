import type { Endpoint } from '@waybill/contracts/endpoints.js';
import { api } from '../api.js';
import { paths } from '../paths.js';
import { Facts, Section } from '../ui/facts.js';
import { Go } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { PROTOCOLS, TRUST_MODES } from '../words.js';
import { addressOf } from './endpoint-columns.js';
import { tuningFrom } from './endpoint-values.js';
import { DEFAULT_TUNING, FIELD_GROUPS } from './setting-fields.js';
import { isDefault, wordsOf } from './setting-values.js';

/** How the endpoint is reached, logged in to and trusted. */
export function Settings({ endpoint }: { endpoint: Endpoint }) {
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

/** What was set otherwise than most endpoints have it; nothing where nothing was. */
export function ChangedSettings({ endpoint }: { endpoint: Endpoint }) {
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
