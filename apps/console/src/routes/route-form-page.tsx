import { NumberInput, Radio, Switch, TextInput } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import type { Endpoint } from '@waybill/contracts/endpoints.js';
import { routeCreate, type Route } from '@waybill/contracts/routes.js';
import { api, client, refresh } from '../api.js';
import { Awaiting, ReadAnew } from '../ui/awaiting.js';
import { orUndefined, useBodyForm } from '../form.js';
import { paths } from '../paths.js';
import { EndpointPick, PartnerPick } from '../pickers.js';
import { FieldRow, FormLayout, FormSection } from '../ui/form-layout.js';
import { useGo } from '../ui/go.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';
import { RouteSentence } from './route-sentence.js';

/** Made from the page of a partner or of an endpoint, it begins with that. */
export function RouteCreatePage() {
  const { partnerId = null, endpointId } = useSearch({ strict: false }) as Record<string, string | undefined>;
  const path = { params: { path: { id: endpointId ?? '' } } };
  const one = api.useQuery('get', '/api/v1/endpoints/{id}', path, { enabled: endpointId !== undefined });
  return (
    <Page title="New route" crumbs={[{ label: 'Routes', href: paths.routes.list() }]} narrow>
      {endpointId === undefined ? (
        <RouteForm route={null} start={{ partnerId }} />
      ) : one.data === undefined ? (
        <Awaiting query={one} />
      ) : (
        <RouteForm route={null} start={startAt(one.data as Endpoint)} />
      )}
    </Page>
  );
}

interface Start {
  partnerId?: string | null;
  sourceEndpointId?: string;
  targetEndpointId?: string;
}

/** Files mostly go from a folder of ours to a server of theirs. */
const startAt = ({ id, protocol, partner }: Endpoint): Start => ({
  partnerId: partner?.id ?? null,
  ...(protocol === 'local_folder' ? { sourceEndpointId: id } : { targetEndpointId: id }),
});

export function RouteEditPage({ id }: { id: string }) {
  const one = api.useQuery('get', '/api/v1/routes/{id}', { params: { path: { id } } }, { staleTime: 0 });
  const crumbs = [
    { label: 'Routes', href: paths.routes.list() },
    { label: one.data?.name ?? 'Route', href: paths.routes.one(id) },
  ];
  return (
    <Page title="Edit route" crumbs={crumbs} narrow>
      <ReadAnew query={one}>{(route) => <RouteForm route={route as Route} start={{}} />}</ReadAnew>
    </Page>
  );
}

const initialOf = (route: Route | null, start: Start) => ({
  name: route?.name ?? '',
  partnerId: route === null ? (start.partnerId ?? null) : (route.partner?.id ?? null),
  sourceEndpointId: route?.source.id ?? start.sourceEndpointId ?? null,
  sourcePath: route?.sourcePath ?? '/',
  filePattern: route?.filePattern ?? '*',
  targetEndpointId: route?.target.id ?? start.targetEndpointId ?? null,
  targetPath: route?.targetPath ?? '/',
  ifExists: route?.ifExists ?? 'replace',
  afterAction: route?.afterAction ?? 'keep',
  archivePath: route?.archivePath ?? '',
  maxTries: (route?.maxTries ?? 5) as number | string,
  enabled: route?.enabled ?? true,
});
type Values = ReturnType<typeof initialOf>;

const toBody = (values: Values) => ({
  ...values,
  sourceEndpointId: values.sourceEndpointId ?? undefined,
  targetEndpointId: values.targetEndpointId ?? undefined,
  filePattern: orUndefined(values.filePattern),
  archivePath: values.afterAction === 'move' ? values.archivePath : null,
  maxTries: values.maxTries === '' ? undefined : values.maxTries,
});

function useEndpoint(id: string | null) {
  const one = api.useQuery(
    'get',
    '/api/v1/endpoints/{id}',
    { params: { path: { id: id ?? '' } } },
    { enabled: id !== null },
  );
  return id === null ? null : (one.data ?? null);
}

/** A new route that names no partner belongs to that of its ends, as the API has it: here that is said beforehand. */
function whoseFiles(ends: ({ partner: { id: string; name: string } | null } | null)[]): string {
  const names = new Map(ends.flatMap((end) => (end?.partner ? [[end.partner.id, end.partner.name]] : [])));
  const [only] = names.values();
  const empty =
    names.size === 1
      ? `Left empty: ${only}, as its endpoint.`
      : 'May stay empty for a route within your own house.';
  return `Whose files these are. ${empty}`;
}

function RouteForm({ route, start }: { route: Route | null; start: Start }) {
  const go = useGo();
  const { form, frame } = useBodyForm({
    initial: initialOf(route, start),
    schema: routeCreate,
    toBody,
    stored: route,
    send: async (body, header) =>
      route === null
        ? (await client.POST('/api/v1/routes', { body: { ...body, partnerId: body.partnerId ?? undefined } }))
            .data
        : (await client.PATCH('/api/v1/routes/{id}', { params: { path: { id: route.id }, header }, body }))
            .data,
    done: async (saved) => {
      await refresh(
        '/api/v1/routes',
        '/api/v1/partners',
        '/api/v1/endpoints',
        '/api/v1/schedules',
        '/api/v1/overview',
      );
      toast.done(route === null ? 'The route is made' : 'The route is saved');
      if (saved !== undefined) go(paths.routes.one(saved.id));
    },
  });
  const values = form.getValues();
  const field = form.getInputProps;
  const source = useEndpoint(values.sourceEndpointId);
  const target = useEndpoint(values.targetEndpointId);
  const aside = (
    <div className="box">
      <h2>What this route does</h2>
      <div aria-live="polite">
        <RouteSentence
          words={{
            ...values,
            sourceName: source?.name ?? null,
            targetName: target?.name ?? null,
            maxTries: Number(values.maxTries) || 5,
          }}
        />
      </div>
    </div>
  );
  return (
    <FormLayout
      label={route === null ? 'New route' : 'Edit route'}
      submit={route === null ? 'Create route' : 'Save'}
      frame={frame}
      cancelTo={route === null ? paths.routes.list() : paths.routes.one(route.id)}
      aside={aside}
    >
      <FormSection title="Route">
        <TextInput
          label="Name"
          description="What people will call it, in lists and alerts."
          required
          autoFocus={route === null}
          {...field('name')}
        />
        <PartnerPick
          label="Partner"
          description={whoseFiles(route === null ? [source, target] : [])}
          {...field('partnerId')}
        />
      </FormSection>
      <FormSection title="From" hint="Where the files are taken.">
        <EndpointPick label="Source endpoint" required {...field('sourceEndpointId')} />
        <FieldRow>
          <TextInput
            label="Source folder"
            description="Below the endpoint's base folder; starts with /."
            required
            {...field('sourcePath')}
          />
          <TextInput
            label="File pattern"
            description="* is any text, ? one letter, {a,b} either. As in PAY_*.csv."
            {...field('filePattern')}
          />
        </FieldRow>
      </FormSection>
      <FormSection
        title="To"
        hint="Where the files arrive: first under a temporary name, renamed when complete and verified."
      >
        <EndpointPick label="Target endpoint" required {...field('targetEndpointId')} />
        <TextInput
          label="Target folder"
          description="It must exist there."
          required
          {...field('targetPath')}
        />
        <Radio.Group label="If a file of that name is there already" {...field('ifExists')}>
          <div className="radios">
            <Radio value="replace" label="Replace it" />
            <Radio value="fail" label="Fail, and leave it alone" />
          </div>
        </Radio.Group>
      </FormSection>
      <FormSection title="Afterwards">
        <Radio.Group label="After delivery, the source file" {...field('afterAction')}>
          <div className="radios">
            <Radio value="keep" label="Stays; the next run sends it again" />
            <Radio value="delete" label="Is deleted, once the delivery is recorded" />
            <Radio value="move" label="Is moved to an archive folder" />
          </div>
        </Radio.Group>
        {values.afterAction === 'move' && (
          <TextInput
            label="Archive folder"
            description="At the source; it must exist."
            required
            {...field('archivePath')}
          />
        )}
        <NumberInput
          label="Tries"
          description="How often a failure that may pass is tried, the first try included."
          min={1}
          max={100}
          styles={{ wrapper: { maxWidth: 140 } }}
          {...field('maxTries')}
        />
        <Switch
          label="This route is on"
          description="Off: its schedules start nothing, and neither can people. What runs ends its try; what is queued is held until the route is on again."
          {...form.getInputProps('enabled', { type: 'checkbox' })}
        />
      </FormSection>
    </FormLayout>
  );
}
