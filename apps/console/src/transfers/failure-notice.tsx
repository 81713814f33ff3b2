import { Button } from '@mantine/core';
import type { Transfer } from '@waybill/contracts/transfers.js';
import { WHO_ACTS } from '@waybill/contracts/who-acts.js';
import { useCan } from '../access/session.js';
import { api } from '../api.js';
import { useExceptionWay } from '../exception-standing.js';
import { paths } from '../paths.js';
import { remedyHref } from '../remedy-href.js';
import { Go } from '../ui/go.js';
import { Notice } from '../ui/notice.js';
import { failureWordsAt, remedyFor, TRANSFER_STATES } from '../words.js';

/** What failed, at which end, why, and the button that leads to what must be put right. */
export function FailureNotice({ transfer }: { transfer: Transfer }) {
  const { state, failureKind, failureText, failedEnd, whoActs } = transfer;
  const can = useCan();
  const endpoint = api.useQuery(
    'get',
    '/api/v1/endpoints/{id}',
    { params: { path: { id: failedEnd?.endpointId ?? '' } } },
    { enabled: failedEnd !== null },
  );
  const partner = failedEnd?.isLocal ? null : (endpoint.data?.partner ?? transfer.partner);
  const heldAt = endpoint.data?.heldAt ?? null;
  const way = useExceptionWay(transfer);
  const remedy = remedyFor(failureKind);
  const isTriedAgain = state === 'running' || state === 'queued';
  const atEndpoint = failedEnd === null ? null : paths.endpoints.one(failedEnd.endpointId);
  const isForm = remedy.at === 'endpointForm' || remedy.at === 'network';
  const href = isForm && !can(remedy.needs) ? atEndpoint : (way?.href ?? remedyHref(transfer));
  const endpointLink = failedEnd !== null && atEndpoint !== null && (
    <Go href={atEndpoint} className="link">
      {failedEnd.endpointName}
    </Go>
  );
  return (
    <Notice
      tone={state === 'failed' ? 'bad' : 'warn'}
      shape={TRANSFER_STATES[state].shape}
      title={`${isTriedAgain ? 'The try before: ' : ''}${failureWordsAt(failureKind, failedEnd?.side)}`}
      actions={
        href !== null && (
          <Button size="compact-sm" variant="default" component={Go} href={href}>
            {way?.text ?? (can(remedy.needs) ? remedy.text : 'Look closer')}
          </Button>
        )
      }
    >
      <p>
        {failureText}
        {whoActs !== null && ` ${WHO_ACTS[whoActs]}`}
      </p>
      {failedEnd !== null && (
        <p>
          The {failedEnd.side} is {endpointLink}
          {heldAt === null
            ? '.'
            : state === 'held'
              ? ', which is on hold. This transfer goes on by itself when it is released.'
              : ', which is on hold.'}
        </p>
      )}
      {partner !== null && <AskPartner id={partner.id} name={partner.name} />}
    </Notice>
  );
}

/** Who that partner is, and whom to ask there. */
function AskPartner({ id, name }: { id: string; name: string }) {
  const can = useCan();
  const one = api.useQuery(
    'get',
    '/api/v1/partners/{id}',
    { params: { path: { id } } },
    { enabled: can('partner:read') },
  );
  const { contactName = '', contactEmail = '', description = '' } = one.data ?? {};
  return (
    <p>
      The partner is{' '}
      <Go href={paths.partners.one(id)} className="link">
        {name}
      </Go>
      .{description !== '' && ` ${withFullStop(description)}`}
      {(contactName !== '' || contactEmail !== '') && (
        <>
          {' '}
          Ask {contactName}
          {contactName !== '' && contactEmail !== '' && ', '}
          {contactEmail !== '' && (
            <a href={`mailto:${contactEmail}`} className="link">
              {contactEmail}
            </a>
          )}
          .
        </>
      )}
    </p>
  );
}

const withFullStop = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
