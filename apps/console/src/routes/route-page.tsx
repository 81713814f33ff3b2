import { Button, Menu } from '@mantine/core';
import { IconDots, IconPlayerPlay } from '@tabler/icons-react';
import type { Route } from '@waybill/contracts/routes.js';
import type { ReactNode } from 'react';
import { useCan } from '../access/session.js';
import { api, client, refresh } from '../api.js';
import { Awaiting } from '../ui/awaiting.js';
import { HoldNotice } from '../hold-notice.js';
import { paths } from '../paths.js';
import { usePaused, useRunRoute } from '../start-transfer.js';
import { ActButton } from '../ui/act-button.js';
import { act } from '../ui/act.js';
import { useConfirm } from '../ui/confirm.js';
import { Facts } from '../ui/facts.js';
import { Go, useGo } from '../ui/go.js';
import { Instant, RelativeInstant } from '../ui/instant.js';
import { Mark } from '../ui/mark.js';
import { Notice } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { HELD, OFF, WEAKENING } from '../words.js';
import { routeLook } from './route-columns.js';
import { RouteSentence } from './route-sentence.js';
import classes from './routes.module.css';

/** One route: what it does, when it runs next, and what it moved. */
export function RoutePage({ id, panels }: { id: string; panels: Record<string, ReactNode> }) {
  const one = api.useQuery('get', '/api/v1/routes/{id}', { params: { path: { id } } });
  const crumbs = [{ label: 'Routes', href: paths.routes.list() }];
  if (one.data === undefined) {
    return (
      <Page title="Route" crumbs={crumbs}>
        <Awaiting query={one} />
      </Page>
    );
  }
  const route = one.data as Route;
  return (
    <Page
      title={route.name}
      crumbs={crumbs}
      mark={<Mark look={routeLook(route)} size={16} />}
      actions={<Actions route={route} />}
    >
      <div className={classes.stack}>
        <Holds route={route} />
        <Deviations route={route} />
        <RouteSentence
          words={{
            ...route,
            sourceName: route.source.name,
            targetName: route.target.name,
            archivePath: route.archivePath ?? '',
          }}
        />
        <Facts
          columns={2}
          facts={[
            [
              'From',
              <Go key="s" href={paths.endpoints.one(route.source.id)} className="link">
                {route.source.name}
              </Go>,
            ],
            [
              'To',
              <Go key="t" href={paths.endpoints.one(route.target.id)} className="link">
                {route.target.name}
              </Go>,
            ],
            [
              'Partner',
              route.partner === null ? (
                '—'
              ) : (
                <Go key="p" href={paths.partners.one(route.partner.id)} className="link">
                  {route.partner.name}
                </Go>
              ),
            ],
            [
              'Next run',
              route.nextRunAt === null ? (
                route.scheduleCount === 0 ? (
                  'Only by hand or API'
                ) : (
                  'None while it cannot start'
                )
              ) : (
                <RelativeInstant key="n" due at={route.nextRunAt} />
              ),
            ],
            ['Changed', <Instant key="u" at={route.updatedAt} full />],
          ]}
        />
      </div>
      {panels['transfers']}
      <div style={{ height: 32 }} />
      {panels['schedules']}
    </Page>
  );
}

/** Why it cannot start: it is on hold itself, or an endpoint of it is. */
function Holds({ route }: { route: Route }) {
  const can = useCan();
  const { id, name, heldAt, heldReason, source, target } = route;
  const release = async () => {
    await client.POST('/api/v1/routes/{id}/release', { params: { path: { id } } });
    await refresh('/api/v1/routes', '/api/v1/overview', '/api/v1/transfers');
  };
  return (
    <>
      {heldAt !== null && (
        <HoldNotice
          title="This route is on hold: it starts nothing until somebody releases it"
          name={name}
          since={heldAt}
          release={can('route:write') && release}
        >
          {heldReason}
        </HoldNotice>
      )}
      {[source, target]
        .filter(({ held }) => held)
        .map((end) => (
          <Notice
            key={end.id}
            tone="warn"
            shape="pause"
            title={`The endpoint “${end.name}” is on hold: this route starts nothing until it is released`}
            actions={
              <Button size="compact-sm" variant="default" component={Go} href={paths.endpoints.one(end.id)}>
                Open the endpoint
              </Button>
            }
          />
        ))}
    </>
  );
}

/** What weakens protection or proof at an end of it, and whether it may. */
function Deviations({ route: { source, target } }: { route: Route }) {
  return [source, target].flatMap((end) =>
    end.deviations.map(({ kind, coveredUntil }) => (
      <Notice
        key={`${end.id} ${kind}`}
        tone="warn"
        shape={coveredUntil === null ? 'slash' : 'question'}
        title={`${WEAKENING[kind].word}, at the endpoint “${end.name}”`}
        actions={
          <Button size="compact-sm" variant="default" component={Go} href={paths.endpoints.one(end.id)}>
            Open the endpoint
          </Button>
        }
      >
        {WEAKENING[kind].says}{' '}
        {coveredUntil === null ? (
          'No exception permits it, so this route moves nothing.'
        ) : (
          <>
            An exception permits it until <Instant at={coveredUntil} full />.
          </>
        )}
      </Notice>
    )),
  );
}

function Actions({ route }: { route: Route }) {
  const can = useCan();
  const go = useGo();
  const confirm = useConfirm();
  const run = useRunRoute();
  const isPaused = usePaused();
  const { id, name } = route;
  const remove = async () => {
    const sure = await confirm({
      title: `Delete the route “${name}”?`,
      body: 'Its schedules go with it. Its transfers and their events stay.',
      confirm: 'Delete the route',
      danger: true,
    });
    if (sure === false) return;
    await act(async () => {
      await client.DELETE('/api/v1/routes/{id}', { params: { path: { id } } });
      go(paths.routes.list());
      await refresh('/api/v1/routes', '/api/v1/schedules', '/api/v1/partners');
    }, `Deleted: ${name}`);
  };
  const look = routeLook(route);
  const why =
    look === HELD ? 'It is on hold' : look === OFF ? 'It is off' : isPaused ? 'Waybill is paused' : null;
  return (
    <>
      {can('route:write') && (
        <Button variant="default" component={Go} href={paths.routes.edit(id)}>
          Edit
        </Button>
      )}
      {can('transfer:start') && (
        <span data-hint={why ?? undefined}>
          <ActButton
            leftSection={<IconPlayerPlay size={14} />}
            disabled={why !== null}
            act={() => run(route)}
          >
            Run now
          </ActButton>
        </span>
      )}
      {(can('route:write') || can('schedule:write')) && (
        <Menu position="bottom-end" width={180} withinPortal={false} withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <Button variant="default" px={8} aria-label="More actions">
              <IconDots size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {can('schedule:write') && (
              <Menu.Item onClick={() => go(paths.schedules.create({ routeId: id }))}>
                Add a schedule
              </Menu.Item>
            )}
            {can('route:write') && (
              <Menu.Item c="var(--bad)" onClick={() => void remove()}>
                Delete
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}
