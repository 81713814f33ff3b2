import type { Endpoint } from '@waybill/contracts/endpoints.js';
import { countOf, formatCount } from '../format.js';
import { NameWithDeviations } from '../name-with-deviations.js';
import { paths } from '../paths.js';
import type { Column } from '../ui/data-table.js';
import { Go } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Mark, type MarkLook } from '../ui/mark.js';
import { PROTOCOLS, TEST_STATES } from '../words.js';
import { shortEndpointLook } from './endpoint-look.js';

export const testLook = (state: string): MarkLook =>
  TEST_STATES[state as keyof typeof TEST_STATES] ?? { word: state, tone: 'mute', shape: 'ring' };

/** "ftps.example.com:990", or the folder of a local endpoint. */
export const addressOf = ({ host, port, rootName, basePath }: Endpoint): string =>
  host === null ? `${rootName ?? ''}${basePath === '/' ? '' : basePath}` : `${host}:${port ?? ''}`;

export const ENDPOINT_COLUMNS: Column<Endpoint>[] = [
  {
    key: 'state',
    header: 'State',
    width: '136px',
    cell: (endpoint) => <Mark look={shortEndpointLook(endpoint)} />,
    card: 'aside',
  },
  {
    key: 'name',
    header: 'Endpoint',
    width: 'minmax(190px, 2.2fr)',
    cell: ({ name, deviations }) => <NameWithDeviations deviations={deviations}>{name}</NameWithDeviations>,
    card: 'title',
  },
  {
    key: 'address',
    header: 'Address',
    width: 'minmax(180px, 1.6fr)',
    cell: (endpoint) => <code data-hint={addressOf(endpoint)}>{addressOf(endpoint)}</code>,
  },
  {
    key: 'protocol',
    header: 'Protocol',
    width: 'minmax(100px, 140px)',
    cell: ({ protocol }) => PROTOCOLS[protocol],
    spare: true,
  },
  {
    key: 'partner',
    header: 'Partner',
    width: 'minmax(100px, 1.4fr)',
    cell: ({ partner }) => (partner === null ? <span className="faint">Ours</span> : partner.name),
    card: 'hide',
    spare: true,
  },
  {
    key: 'routes',
    header: 'Routes',
    width: '60px',
    align: 'end',
    cell: ({ id, name, routeCount }) => (
      <Go
        href={paths.routes.list({ endpointId: id })}
        className="link"
        aria-label={`${countOf(routeCount, 'route')} of ${name}`}
      >
        {formatCount(routeCount)}
      </Go>
    ),
    card: 'hide',
    spare: true,
  },
  {
    key: 'test',
    header: 'Last test',
    width: '164px',
    cell: ({ lastTest }) =>
      lastTest === null ? (
        <span className="faint">Never tested</span>
      ) : (
        <>
          <Mark look={testLook(lastTest.state)} />{' '}
          {lastTest.finishedAt !== null && (
            <span className="faint">
              <Instant at={lastTest.finishedAt} />
            </span>
          )}
        </>
      ),
  },
];
