import { Button, Menu } from '@mantine/core';
import { IconDots, IconPlayerPlay } from '@tabler/icons-react';
import type { Route } from '@waybill/contracts/routes.js';
import { useState, type ReactNode } from 'react';
import { useCan } from '../access/session.js';
import { api, client, refresh } from '../api.js';
import { Awaiting } from '../ui/awaiting.js';
import { paths } from '../paths.js';
import { runRoute } from '../run-route.js';
import { useConfirm } from '../ui/confirm.js';
import { Facts } from '../ui/facts.js';
import { Go, useGo } from '../ui/go.js';
import { Instant, RelativeInstant } from '../ui/instant.js';
import { Mark } from '../ui/mark.js';
import { Notice } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';
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
        {route.heldAt !== null && <Hold route={route} />}
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
                'Only by hand or API'
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

function Hold({ route }: { route: Route }) {
  const can = useCan();
  const release = async () => {
    try {
      await client.POST('/api/v1/routes/{id}/release', { params: { path: { id: route.id } } });
      await refresh('/api/v1/routes', '/api/v1/overview', '/api/v1/transfers');
      toast.done(`Released: ${route.name}`);
    } catch (error) {
      toast.failed(error);
    }
  };
  return (
    <Notice
      tone="warn"
      shape="pause"
      title="This route is on hold: it starts nothing until somebody releases it"
      actions={
        can('route:write') && (
          <Button size="compact-sm" onClick={() => void release()}>
            Release
          </Button>
        )
      }
    >
      {route.heldReason}
    </Notice>
  );
}

function Actions({ route }: { route: Route }) {
  const can = useCan();
  const go = useGo();
  const confirm = useConfirm();
  const [busy, setBusy] = useState(false);
  const { id, name } = route;
  const run = async () => {
    setBusy(true);
    try {
      const transferId = await runRoute(id);
      toast.done(`Started: ${name}`);
      go(paths.transfers.one(transferId));
    } catch (error) {
      toast.failed(error);
    } finally {
      setBusy(false);
    }
  };
  const remove = async () => {
    const sure = await confirm({
      title: `Delete the route ${name}?`,
      body: 'Its schedules go with it. Its transfers and their events stay.',
      confirm: 'Delete the route',
      danger: true,
    });
    if (sure === false) return;
    try {
      await client.DELETE('/api/v1/routes/{id}', { params: { path: { id } } });
      await refresh('/api/v1/routes', '/api/v1/schedules', '/api/v1/partners');
      toast.done(`Deleted: ${name}`);
      go(paths.routes.list());
    } catch (error) {
      toast.failed(error);
    }
  };
  const why = route.heldAt !== null ? 'It is on hold' : !route.enabled ? 'It is off' : undefined;
  return (
    <>
      {can('route:write') && (
        <Button variant="default" component={Go} href={paths.routes.edit(id)}>
          Edit
        </Button>
      )}
      {can('transfer:start') && (
        <Button
          leftSection={<IconPlayerPlay size={14} />}
          loading={busy}
          disabled={why !== undefined}
          data-hint={why}
          onClick={() => void run()}
        >
          Run now
        </Button>
      )}
      {can('route:write') && (
        <Menu position="bottom-end" width={180} withinPortal={false} withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <Button variant="default" px={8} aria-label="More actions">
              <IconDots size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => go(paths.schedules.create({ routeId: id }))}>Add a schedule</Menu.Item>
            <Menu.Item c="var(--bad)" onClick={() => void remove()}>
              Delete
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}
