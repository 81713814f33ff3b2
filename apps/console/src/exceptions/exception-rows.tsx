import { Button } from '@mantine/core';
import type { Exception } from '@waybill/contracts/exceptions.js';
import { useCan } from '../access/session.js';
import { client, refresh } from '../api.js';
import { formatDay } from '../format.js';
import { paths } from '../paths.js';
import { ActButton } from '../ui/act-button.js';
import { act } from '../ui/act.js';
import { useConfirm } from '../ui/confirm.js';
import type { Column } from '../ui/data-table.js';
import { Facts } from '../ui/facts.js';
import { Go } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Mark } from '../ui/mark.js';
import { EXCEPTION_STATES, WEAKENING } from '../words.js';

const forWhat = ({ deviations }: Exception): string =>
  deviations.map((kind) => WEAKENING[kind].word).join(', ');

export const EXCEPTION_COLUMNS: Column<Exception>[] = [
  {
    key: 'state',
    header: 'State',
    width: '148px',
    cell: ({ state }) => <Mark look={EXCEPTION_STATES[state]} />,
    card: 'aside',
  },
  {
    key: 'endpoint',
    header: 'Endpoint',
    width: 'minmax(150px, 2fr)',
    cell: ({ endpoint }) => (
      <Go href={paths.endpoints.one(endpoint.id)} className="link">
        {endpoint.name}
      </Go>
    ),
    card: 'title',
  },
  { key: 'what', header: 'Permits', width: 'minmax(150px, 1.4fr)', cell: forWhat },
  {
    key: 'by',
    header: 'Asked for by',
    width: 'minmax(120px, 1fr)',
    cell: ({ requestedBy }) => requestedBy,
    spare: true,
  },
  {
    key: 'approved',
    header: 'Approved by',
    width: 'minmax(120px, 1fr)',
    cell: ({ approvedBy }) => approvedBy ?? <span className="faint">Nobody</span>,
    spare: true,
  },
  {
    key: 'until',
    header: 'Until',
    width: '104px',
    align: 'end',
    cell: ({ endsAt }) => formatDay(endsAt),
  },
];

/** Why it is needed, who stands for it, and what can be done about it. */
export function ExceptionDetail({ exception }: { exception: Exception }) {
  const { host, justification, requestedBy, createdAt, approvedBy, approvedAt, endsAt, endedBy, endedAt } =
    exception;
  const by = (who: string, at: string) => (
    <>
      {who}, <Instant at={at} full />
    </>
  );
  return (
    <>
      <Facts
        columns={2}
        facts={[
          [
            'Justification',
            <span key="j" style={{ whiteSpace: 'pre-line' }}>
              {justification}
            </span>,
          ],
          ['For the host', <code key="h">{host}</code>],
          ['Asked for by', by(requestedBy, createdAt)],
          approvedBy === null || approvedAt === null
            ? null
            : [
                exception.selfApproved ? 'Approved by themself, the only administrator' : 'Approved by',
                by(approvedBy, approvedAt),
              ],
          ['Until', <Instant key="u" at={endsAt} full />],
          endedBy === null || endedAt === null ? null : ['Ended by', by(endedBy, endedAt)],
        ]}
      />
      <Actions exception={exception} />
    </>
  );
}

function Actions({ exception }: { exception: Exception }) {
  const can = useCan();
  const confirm = useConfirm();
  const { id, state, endpoint } = exception;
  const path = { params: { path: { id } } };
  const reread = () =>
    refresh('/api/v1/exceptions', '/api/v1/endpoints', '/api/v1/routes', '/api/v1/overview');
  const approve = async () => {
    const sure = await confirm({
      title: `Approve the exception for “${endpoint.name}”?`,
      body: `You stand for it: ${exception.deviations.map((kind) => WEAKENING[kind].says).join(' ')}`,
      confirm: 'Approve',
      stay: 'Not yet',
      work: async () => {
        await client.POST('/api/v1/exceptions/{id}/approve', path);
        await reread();
      },
    });
    if (sure !== false)
      await act(
        () => Promise.resolve(),
        'The exception is in force',
        'Release the endpoint where it is on hold.',
      );
  };
  const end = async () => {
    const sure = await confirm({
      title: `End the exception for “${endpoint.name}”?`,
      body:
        state === 'requested'
          ? 'The request is withdrawn. It can be asked for again.'
          : 'From then on nothing is sent there as it is set up now. It can be asked for again.',
      confirm: 'End the exception',
      danger: true,
    });
    if (sure === false) return;
    await act(async () => {
      await client.POST('/api/v1/exceptions/{id}/end', path);
      await reread();
    }, `The exception for ${endpoint.name} is ended`);
  };
  if (state !== 'requested' && state !== 'in_force') return null;
  return (
    <div style={{ display: 'flex', gap: 8, marginTop: 12 }}>
      {state === 'requested' && can('exception:approve') && (
        <ActButton size="compact-sm" act={approve}>
          Approve
        </ActButton>
      )}
      {can('exception:request') && (
        <Button size="compact-sm" variant="default" onClick={() => void end()}>
          {state === 'requested' ? 'Refuse or withdraw' : 'End it'}
        </Button>
      )}
    </div>
  );
}
