/** Every page with its address. A page's code is fetched when it is first gone to. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  useParams,
  useRouter,
} from '@tanstack/react-router';
import { lazy, Suspense, type ComponentType, type ReactNode } from 'react';
import type { Permission } from '@waybill/contracts/permissions.js';
import { Door } from './access/door.js';
import { Permitted } from './access/permitted.js';
import { meQuery } from './access/session.js';
import { askToSignInAgain } from './access/session-end.js';
import { ApiError, queryClient, whenSessionEnds } from './api.js';
import { paths } from './paths.js';
import { Failure } from './ui/failure.js';
import { Empty } from './ui/notice.js';
import { Go } from './ui/go.js';
import { Page } from './ui/page.js';
import { hasUnsaved } from './unsaved.js';

const textParams = (search: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(search));
const toText = (search: Record<string, unknown>): string => {
  const text = new URLSearchParams(search as Record<string, string>).toString();
  return text === '' ? '' : `?${text}`;
};

/** Where not even the frame can be shown. */
function Broken({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <Door title="Waybill could not be opened">
      <div style={{ marginTop: 24 }}>
        <Failure error={error} retry={() => void router.invalidate()} />
      </div>
    </Door>
  );
}

/** A page that met a fault of its own; the way to the others stays. */
function BrokenPage({ error }: { error: unknown }) {
  const router = useRouter();
  return (
    <Page title="This page failed">
      <Failure error={error} retry={() => void router.invalidate()} />
    </Page>
  );
}

const root = createRootRoute({ component: Outlet, errorComponent: Broken });

/** Only an address of this console is gone back to after signing in. */
const backTo = (): string => `${window.location.pathname}${window.location.search}`;

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: lazyRouteComponent(async () => ({ default: (await import('./shell.js')).Shell })),
  errorComponent: Broken,
  pendingComponent: Door,
  beforeLoad: async () => {
    try {
      await queryClient.ensureQueryData(meQuery());
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not_signed_in')
        throw redirect({ href: paths.signIn(backTo()) });
      throw error;
    }
  },
});

type Load<Props extends object = object> = () => Promise<(props: Props) => ReactNode>;
const asPage = (load: Load) => lazyRouteComponent(async () => ({ default: await load() }));

const outer = (path: string, load: Load) =>
  createRoute({ getParentRoute: () => root, path, component: asPage(load) });
const page = (path: string, load: Load) =>
  createRoute({ getParentRoute: () => inside, path, component: asPage(load) });

/** A page about one thing, which is given its id and what other nouns show about it. */
interface OneProps {
  id: string;
  panels: Record<string, ReactNode>;
}
const ofOne = (
  path: string,
  load: Load<OneProps>,
  panelsOf: (id: string) => Record<string, ReactNode> = () => ({}),
) =>
  page(path, async () => {
    const Component = await load();
    return function One() {
      const { id } = useParams({ strict: false }) as { id: string };
      return <Component key={id} id={id} panels={panelsOf(id)} />;
    };
  });

/** A form's page, for those who may send the form. */
const permitted =
  <Props extends object>(to: Permission, load: Load<Props>): Load<Props> =>
  async () => {
    const Component = await load();
    return function Guarded(props: Props) {
      return (
        <Permitted to={to}>
          <Component {...props} />
        </Permitted>
      );
    };
  };

const panel = <Props extends object>(load: () => Promise<ComponentType<Props>>) => {
  const Loaded = lazy(async () => ({ default: (await load()) as ComponentType<object> }));
  return (props: Props): ReactNode => (
    <Suspense>
      <Loaded {...props} />
    </Suspense>
  );
};
const transferRows = panel(async () => (await import('./transfers/transfer-panel.js')).TransferPanel);
const endpointRows = panel(async () => (await import('./endpoints/endpoint-panel.js')).EndpointPanel);
const routeRows = panel(async () => (await import('./routes/route-panel.js')).RoutePanel);
const scheduleRows = panel(async () => (await import('./schedules/schedule-panel.js')).SchedulePanel);

const exceptionRows = panel(async () => (await import('./exceptions/exception-panel.js')).ExceptionPanel);

const tree = root.addChildren([
  outer('/sign-in', async () => (await import('./access/sign-in-page.js')).SignInPage),
  outer('/set-up', async () => (await import('./access/set-up-page.js')).SetUpPage),
  inside.addChildren([
    page('/', async () => (await import('./overview/overview-page.js')).OverviewPage),
    page('/profile', async () => (await import('./access/profile-page.js')).ProfilePage),
    page('/settings', async () => (await import('./settings/settings-page.js')).SettingsPage),
    page('/transfers', async () => (await import('./transfers/transfers-page.js')).TransfersPage),
    ofOne('/transfers/$id', async () => (await import('./transfers/transfer-page.js')).TransferPage),
    page('/routes', async () => (await import('./routes/routes-page.js')).RoutesPage),
    page(
      '/routes/new',
      permitted('route:write', async () => (await import('./routes/route-form-page.js')).RouteCreatePage),
    ),
    ofOne(
      '/routes/$id',
      async () => (await import('./routes/route-page.js')).RoutePage,
      (routeId) => ({
        transfers: transferRows({ filter: { routeId } }),
        schedules: scheduleRows({ filter: { routeId } }),
      }),
    ),
    ofOne(
      '/routes/$id/edit',
      permitted('route:write', async () => (await import('./routes/route-form-page.js')).RouteEditPage),
    ),
    page('/schedules', async () => (await import('./schedules/schedules-page.js')).SchedulesPage),
    page(
      '/schedules/new',
      permitted(
        'schedule:write',
        async () => (await import('./schedules/schedule-form-page.js')).ScheduleCreatePage,
      ),
    ),
    ofOne('/schedules/$id', async () => (await import('./schedules/schedule-form-page.js')).SchedulePage),
    page('/partners', async () => (await import('./partners/partners-page.js')).PartnersPage),
    page(
      '/partners/new',
      permitted(
        'partner:write',
        async () => (await import('./partners/partner-form-page.js')).PartnerCreatePage,
      ),
    ),
    ofOne(
      '/partners/$id',
      async () => (await import('./partners/partner-page.js')).PartnerPage,
      (partnerId) => ({
        endpoints: endpointRows({ filter: { partnerId } }),
        routes: routeRows({ filter: { partnerId } }),
        transfers: transferRows({ filter: { partnerId } }),
      }),
    ),
    ofOne(
      '/partners/$id/edit',
      permitted(
        'partner:write',
        async () => (await import('./partners/partner-form-page.js')).PartnerEditPage,
      ),
    ),
    page('/endpoints', async () => (await import('./endpoints/endpoints-page.js')).EndpointsPage),
    page(
      '/endpoints/new',
      permitted(
        'endpoint:write',
        async () => (await import('./endpoints/endpoint-form-page.js')).EndpointCreatePage,
      ),
    ),
    ofOne(
      '/endpoints/$id',
      async () => (await import('./endpoints/endpoint-page.js')).EndpointPage,
      (endpointId) => ({
        exceptions: exceptionRows({ filter: { endpointId } }),
        routes: routeRows({ filter: { endpointId } }),
      }),
    ),
    ofOne(
      '/endpoints/$id/edit',
      permitted(
        'endpoint:write',
        async () => (await import('./endpoints/endpoint-form-page.js')).EndpointEditPage,
      ),
    ),
    page('/credentials', async () => (await import('./credentials/credentials-page.js')).CredentialsPage),
    page(
      '/credentials/new',
      permitted(
        'credential:write',
        async () => (await import('./credentials/credential-form-page.js')).CredentialCreatePage,
      ),
    ),
    ofOne(
      '/credentials/$id',
      async () => (await import('./credentials/credential-form-page.js')).CredentialPage,
    ),
    page('/certificates', async () => (await import('./certificates/certificates-page.js')).CertificatesPage),
    page(
      '/certificates/new',
      permitted(
        'certificate:write',
        async () => (await import('./certificates/certificate-form-page.js')).CertificateImportPage,
      ),
    ),
    page('/exceptions', async () => (await import('./exceptions/exceptions-page.js')).ExceptionsPage),
    page(
      '/exceptions/new',
      permitted(
        'exception:request',
        async () => (await import('./exceptions/exception-form-page.js')).ExceptionRequestPage,
      ),
    ),
    page('/audit', async () => (await import('./audit/audit-page.js')).AuditPage),
    page('/users', async () => (await import('./users/users-page.js')).UsersPage),
    page(
      '/users/new',
      permitted('user:write', async () => (await import('./users/user-form-page.js')).UserCreatePage),
    ),
    ofOne('/users/$id', async () => (await import('./users/user-form-page.js')).UserPage),
    page('/api-keys', async () => (await import('./api-keys/api-keys-page.js')).ApiKeysPage),
    page(
      '/api-keys/new',
      permitted(
        'api-key:write',
        async () => (await import('./api-keys/api-key-form-page.js')).ApiKeyCreatePage,
      ),
    ),
    // Whoever is signed in stays within the frame.
    page('$', async () => NotFound),
    page('/network', async () => (await import('./network/network-page.js')).NetworkPage),
    page(
      '/network/new',
      permitted(
        'network:write',
        async () => (await import('./network/network-form-page.js')).NetworkCreatePage,
      ),
    ),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  parseSearch: textParams,
  stringifySearch: toText,
  scrollRestoration: true,
  defaultPendingMs: 300,
  defaultErrorComponent: BrokenPage,
});

whenSessionEnds(() => {
  if (window.location.pathname === '/sign-in' || window.location.pathname === '/set-up') return;
  if (hasUnsaved()) {
    askToSignInAgain();
    return;
  }
  const to = backTo();
  queryClient.clear();
  router.history.replace(paths.signIn(to));
});

function NotFound() {
  return (
    <Page title="There is no such page">
      <Empty
        title="The address is not one of this console"
        action={
          <Go href={paths.overview} className="link">
            Go to the overview
          </Go>
        }
      />
    </Page>
  );
}
