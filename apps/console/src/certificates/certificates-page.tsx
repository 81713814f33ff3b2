import type { Certificate, CertificateKind } from '@waybill/contracts/certificates.js';
import { useCan } from '../access/session.js';
import { api, byCursor, client, refresh, rowsOf } from '../api.js';
import { daysUntil, formatCount, formatDay, wholeDaysUntil } from '../format.js';
import { ListPage } from '../list-page.js';
import { paths } from '../paths.js';
import { PartnerFilter } from '../pickers.js';
import { CodeToCopy } from '../ui/copy.js';
import type { Column } from '../ui/data-table.js';
import { DeleteButton } from '../ui/delete-button.js';
import { Facts } from '../ui/facts.js';
import { ChoiceFilter, choicesOf, SearchFilter, useFilters } from '../ui/filters.js';
import { Instant } from '../ui/instant.js';
import { Mark, type MarkLook } from '../ui/mark.js';
import { none } from '../ui/none.js';
import { Notice } from '../ui/notice.js';

const KINDS: Record<CertificateKind, string> = { ca: 'CA', pinned_key: 'Pinned key', client: 'Ours' };
const SOON_DAYS = 60;
const VERY_SOON_DAYS = 7;

/** How long it is valid still, in words and shape. */
function validity(notAfter: string | null): MarkLook {
  if (notAfter === null) return { word: 'No end', tone: 'mute', shape: 'ring' };
  const days = daysUntil(notAfter);
  const word = days < 0 ? 'Expired' : `${wholeDaysUntil(notAfter)} left`;
  if (days < 0) return { word, tone: 'bad', shape: 'cross' };
  if (days <= VERY_SOON_DAYS) return { word, tone: 'bad', shape: 'clock' };
  return days <= SOON_DAYS ? { word, tone: 'warn', shape: 'clock' } : { word, tone: 'ok', shape: 'check' };
}

const COLUMNS: Column<Certificate>[] = [
  {
    key: 'name',
    header: 'Certificate',
    width: 'minmax(200px, 2fr)',
    cell: ({ name }) => <span data-hint={name}>{name}</span>,
    card: 'title',
  },
  { key: 'kind', header: 'Kind', width: '92px', cell: ({ kind }) => KINDS[kind] },
  {
    key: 'subject',
    header: 'Subject',
    width: 'minmax(160px, 2fr)',
    cell: ({ subject }) => subject ?? <span className="faint">Key only</span>,
    card: 'hide',
    spare: true,
  },
  {
    key: 'endpoints',
    header: 'Endpoints',
    width: '80px',
    align: 'end',
    cell: ({ endpointCount }) => formatCount(endpointCount),
  },
  {
    key: 'valid',
    header: 'Valid',
    width: '132px',
    cell: ({ notAfter }) => <Mark look={validity(notAfter)} />,
    card: 'aside',
  },
  {
    key: 'until',
    header: 'Until',
    width: '104px',
    align: 'end',
    cell: ({ notAfter }) => (notAfter === null ? none : formatDay(notAfter)),
  },
];

/** The CA certificates and pinned keys that endpoints trust, and those of ours that servers ask for. */
export function CertificatesPage() {
  const can = useCan();
  const filters = useFilters(['search', 'partnerId', 'kind'] as const);
  const query = { ...filters.filters, kind: filters.filters.kind as CertificateKind | undefined, limit: 100 };
  const list = api.useInfiniteQuery('get', '/api/v1/certificates', { params: { query } }, byCursor);
  return (
    <ListPage
      title="Certificates"
      noun="certificate"
      create={can('certificate:write') && ['Import a certificate', paths.certificates.create()]}
      filters={filters}
      bar={
        <>
          <SearchFilter label="Name or subject" {...filters.of('search')} />
          <ChoiceFilter label="Kind" choices={choicesOf(KINDS)} {...filters.of('kind')} />
          <PartnerFilter {...filters.of('partnerId')} />
        </>
      }
      rows={rowsOf(list.data) as Certificate[]}
      columns={COLUMNS}
      feed={list}
      detail={(certificate) => <Detail certificate={certificate} mayDelete={can('certificate:write')} />}
      none="Public CAs are known already. Here belong the CA of a partner that has its own, the keys of self-signed servers, and certificates of yours that servers ask for."
    />
  );
}

function Detail({ certificate, mayDelete }: { certificate: Certificate; mayDelete: boolean }) {
  const { id, name, subject, issuer, serialNumber, notBefore, notAfter, fingerprintSha256, spkiSha256 } =
    certificate;
  return (
    <>
      {certificate.warning !== null && (
        <div style={{ marginBottom: 12 }}>
          <Notice tone="warn" title="Servers may refuse it">
            {certificate.warning}
          </Notice>
        </div>
      )}
      <Facts
        columns={2}
        facts={[
          subject === null ? null : ['Subject', subject],
          issuer === null ? null : ['Issuer', issuer],
          serialNumber === null ? null : ['Serial number', <code key="n">{serialNumber}</code>],
          notBefore === null || notAfter === null
            ? null
            : [
                'Valid',
                <span key="v">
                  <Instant at={notBefore} full /> to <Instant at={notAfter} full />
                </span>,
              ],
          fingerprintSha256 === null
            ? null
            : [
                'Fingerprint',
                <CodeToCopy key="f" text={fingerprintSha256} label={`Copy the fingerprint of ${name}`} />,
              ],
          certificate.hasPrivateKey ? ['Private key', 'Sealed; only the worker can open it'] : null,
          ['Key (SPKI)', <CodeToCopy key="s" text={spkiSha256} label={`Copy the key hash of ${name}`} />],
        ]}
      />
      {mayDelete && (
        <DeleteButton
          what="certificate"
          name={name}
          body="Only possible when no endpoint trusts or shows it any more."
          remove={async () => {
            await client.DELETE('/api/v1/certificates/{id}', { params: { path: { id } } });
            await refresh('/api/v1/certificates', '/api/v1/overview');
          }}
        />
      )}
    </>
  );
}
