import type { AuditEvent } from '@waybill/contracts/audit-events.js';
import type { Permission } from '@waybill/contracts/permissions.js';
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useCan } from '../access/session.js';
import { paths } from '../paths.js';
import { CodeToCopy } from '../ui/copy.js';
import { Facts, type Fact } from '../ui/facts.js';
import { Go } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { ACTOR_KINDS, actionWords } from '../words.js';
import classes from './audit.module.css';
import { detailWords, fieldWords } from './detail-words.js';

interface Change {
  before: unknown;
  after: unknown;
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const show = (field: string, value: unknown): ReactNode =>
  typeof value === 'string' && INSTANT.test(value) ? <Instant at={value} full /> : detailWords(field, value);

function hrefOf(
  { object: { kind, id } }: AuditEvent,
  can: (permission: Permission) => boolean,
): string | null {
  if (id === null || (kind === 'user' && !can('user:read'))) return null;
  const places: Record<string, (id: string) => string> = {
    partner: paths.partners.one,
    endpoint: paths.endpoints.one,
    route: paths.routes.one,
    transfer: paths.transfers.one,
    schedule: paths.schedules.one,
    credential: paths.credentials.one,
    user: paths.users.one,
  };
  return places[kind]?.(id) ?? null;
}

/** Everything that one event says, and the way to the events around it. */
export function EventDetail({
  event,
  onFilter,
}: {
  event: AuditEvent;
  /** Shows the events of this thing or of this actor alone. */
  onFilter: (filters: { objectId?: string; actorId?: string }) => void;
}) {
  const { details, object, actor } = event;
  const changes = details['changes'] as Record<string, Change> | undefined;
  const values = details['values'] as Record<string, unknown> | undefined;
  const others: Fact[] = Object.entries(details)
    .filter(([key]) => key !== 'changes' && key !== 'values')
    .map(([key, value]) => [fieldWords(key), show(key, value)]);
  const href = hrefOf(event, useCan());
  const { id: objectId } = object;
  const { id: actorId } = actor;
  return (
    <div className={classes.detail}>
      <Facts
        columns={2}
        facts={[
          ['Happened', <Instant key="at" at={event.occurredAt} full />],
          ['Recorded', <Instant key="rec" at={event.recordedAt} full />],
          ['Actor', `${actor.name === '' ? '—' : actor.name} (${ACTOR_KINDS[actor.kind]})`],
          ['From', event.originIp === null ? '—' : <code key="ip">{event.originIp}</code>],
          [
            'Object',
            href === null ? (
              `${object.name === '' ? '—' : object.name} (${actionWords(object.kind)})`
            ) : (
              <Go key="o" href={href} className="link">
                {object.name} ({actionWords(object.kind)})
              </Go>
            ),
          ],
          [
            'Request',
            event.requestId === null ? (
              '—'
            ) : (
              <CodeToCopy key="r" text={event.requestId} label="Copy the request number" />
            ),
          ],
          ...others,
        ]}
      />
      {changes !== undefined && <Changes changes={changes} />}
      {values !== undefined && (
        <Facts
          columns={2}
          facts={Object.entries(values).map(
            ([field, value]) => [fieldWords(field), show(field, value)] as const,
          )}
        />
      )}
      <div className={classes.actions}>
        {objectId !== null && (
          <Button size="compact-sm" variant="default" onClick={() => onFilter({ objectId })}>
            All events of this object
          </Button>
        )}
        {actorId !== null && (
          <Button size="compact-sm" variant="default" onClick={() => onFilter({ actorId })}>
            All events of this actor
          </Button>
        )}
      </div>
    </div>
  );
}

function Changes({ changes }: { changes: Record<string, Change> }) {
  return (
    <table className={classes.changes}>
      <thead>
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(changes).map(([field, { before, after }]) => (
          <tr key={field}>
            <th scope="row">{fieldWords(field)}</th>
            <td>
              <del>{show(field, before)}</del>
            </td>
            <td>
              <ins>{show(field, after)}</ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
