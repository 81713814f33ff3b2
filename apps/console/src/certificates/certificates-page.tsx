import { Button } from '@mantine/core';
import type { Certificate, CertificateKind } from '@waybill/contracts/certificates.js';
import { useCan } from '../access/session.js';
import { api, byCursor, client, refresh, rowsOf } from '../api.js';
import { daysUntil, formatCount, formatDay } from '../format.js';
import { paths } from '../paths.js';
import { PartnerFilter } from '../pickers.js';
import { Copy } from '../ui/copy.js';
import { DataTable, type Column } from '../ui/data-table.js';
import { DeleteButton } from '../ui/delete-button.js';
import { Facts } from '../ui/facts.js';
import { ChoiceFilter, FilterBar, SearchFilter, useFilters } from '../ui/filters.js';
import { Go } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Mark, type MarkLook } from '../ui/mark.js';
import { Empty } from '../ui/notice.js';
import { Page } from '../ui/page.js';

const KINDS: Record<CertificateKind, string> = { ca: 'CA', pinned_key: 'Pinned key' };
const SOON_DAYS = 60;
const VERY_SOON_DAYS = 7;

/** How long it is valid still, in words and shape. */
function validity(notAfter: string | null): MarkLook {
  if (notAfter === null) return { word: 'No end', tone: 'mute', shape: 'ring' };
  const days = daysUntil(notAfter);
  const word = days < 0 ? 'Expired' : days === 1 ? '1 day left' : `${formatCount(days)} days left`;
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
    cell: ({ notAfter }) => (notAfter === null ? <span className="faint">—</span> : formatDay(notAfter)),
  },
];

/** The CA certificates and pinned keys that endpoints trust. */
export function CertificatesPage() {
  const { filters, setFilters, clear, isFiltered } = useFilters(['search', 'partnerId', 'kind'] as const);
  const can = useCan();
  const query = { ...filters, kind: filters.kind as CertificateKind | undefined, limit: 100 };
  const list = api.useInfiniteQuery('get', '/api/v1/certificates', { params: { query } }, byCursor);
  const create = can('certificate:write') && (
    <Button component={Go} href={paths.certificates.create()} data-create>
      Import a certificate
    </Button>
  );
  return (
    <Page title="Certificates" actions={create}>
      <FilterBar onClear={isFiltered && clear}>
        <SearchFilter
          label="Name or subject"
          value={filters.search}
          onChange={(search) => setFilters({ search })}
        />
        <ChoiceFilter
          label="Kind"
          choices={Object.entries(KINDS).map(([value, label]) => ({ value, label }))}
          value={filters.kind}
          onChange={(kind) => setFilters({ kind })}
        />
        <PartnerFilter value={filters.partnerId} onChange={(partnerId) => setFilters({ partnerId })} />
      </FilterBar>
      <DataTable
        label="Certificates"
        rows={rowsOf(list.data) as Certificate[]}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        feed={list}
        detail={(certificate) => <Detail certificate={certificate} mayDelete={can('certificate:write')} />}
        empty={
          isFiltered ? (
            <Empty title="No certificate fits these filters">
              Check the spelling, or take a filter away.
            </Empty>
          ) : (
            <Empty title="No certificate yet" action={create}>
              Public CAs are known already. Import the CA of a partner that has its own, or the key of a
              self-signed server.
            </Empty>
          )
        }
      />
    </Page>
  );
}

function Detail({ certificate, mayDelete }: { certificate: Certificate; mayDelete: boolean }) {
  const { id, name, subject, issuer, serialNumber, notBefore, notAfter, fingerprintSha256, spkiSha256 } =
    certificate;
  return (
    <>
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
                <span key="f">
                  <code>{fingerprintSha256}</code>{' '}
                  <Copy text={fingerprintSha256} label={`Copy the fingerprint of ${name}`} />
                </span>,
              ],
          [
            'Key (SPKI)',
            <span key="s">
              <code>{spkiSha256}</code> <Copy text={spkiSha256} label={`Copy the key hash of ${name}`} />
            </span>,
          ],
        ]}
      />
      {mayDelete && (
        <DeleteButton
          what="certificate"
          name={name}
          body="Only possible when no endpoint trusts it any more."
          remove={() => client.DELETE('/api/v1/certificates/{id}', { params: { path: { id } } })}
          done={() => refresh('/api/v1/certificates', '/api/v1/overview')}
        />
      )}
    </>
  );
}
