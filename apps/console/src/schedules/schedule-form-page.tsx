import { Button, Select, Switch, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useSearch } from '@tanstack/react-router';
import {
  scheduleCreate,
  scheduleUpdate,
  type Schedule,
  type ScheduleCreate,
} from '@waybill/contracts/schedules.js';
import type { ZodType } from 'zod';
import { useCan } from '../access/session.js';
import { api, ApiError, client, refresh } from '../api.js';
import { ReadAnew } from '../ui/awaiting.js';
import { formatRun, formatUtc, readerZone } from '../format.js';
import { useBodyForm } from '../form.js';
import { paths } from '../paths.js';
import { RoutePick } from '../pickers.js';
import { DeleteButton } from '../ui/delete-button.js';
import { failureText, failureTitle } from '../ui/failure.js';
import { FieldRow, FormLayout, FormSection } from '../ui/form-layout.js';
import { Facts } from '../ui/facts.js';
import { Go, useGo } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Mark } from '../ui/mark.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';
import { cronWords } from './cron-words.js';
import { scheduleLook } from './schedule-columns.js';
import classes from './schedules.module.css';

export function ScheduleCreatePage() {
  const { routeId } = useSearch({ strict: false }) as { routeId?: string };
  return (
    <Page title="New schedule" crumbs={[{ label: 'Schedules', href: paths.schedules.list() }]} narrow>
      <ScheduleForm schedule={null} routeId={routeId ?? null} />
    </Page>
  );
}

export function SchedulePage({ id }: { id: string }) {
  const can = useCan();
  const go = useGo();
  const path = { params: { path: { id } } };
  const one = api.useQuery('get', '/api/v1/schedules/{id}', path, { staleTime: 0 });
  const schedule = one.data as Schedule | undefined;
  const actions = schedule !== undefined && (
    <>
      <Button variant="default" component={Go} href={paths.transfers.list({ scheduleId: id })}>
        Its transfers
      </Button>
      {can('schedule:write') && (
        <DeleteButton
          what="schedule"
          name={schedule.name}
          body={`The route ${schedule.route.name} stays, and can be run by hand. Past transfers stay too.`}
          remove={async () => {
            await client.DELETE('/api/v1/schedules/{id}', path);
            go(paths.schedules.list(), { force: true });
            await refresh('/api/v1/schedules', '/api/v1/routes', '/api/v1/overview');
          }}
        />
      )}
    </>
  );
  return (
    <Page
      title={schedule?.name ?? 'Schedule'}
      mark={schedule !== undefined && <Mark look={scheduleLook(schedule)} size={16} />}
      crumbs={[{ label: 'Schedules', href: paths.schedules.list() }]}
      actions={actions}
      narrow
    >
      <ReadAnew query={one}>
        {(stored) =>
          can('schedule:write') ? (
            <ScheduleForm schedule={stored as Schedule} routeId={null} />
          ) : (
            <ScheduleFacts schedule={stored as Schedule} />
          )
        }
      </ReadAnew>
    </Page>
  );
}

const EXAMPLES: [cron: string, words: string][] = [
  ['*/15 * * * *', 'Every 15 minutes'],
  ['0 * * * *', 'Every hour'],
  ['0 6 * * 1-5', 'Working days at 06:00'],
  ['0 22 * * *', 'Every day at 22:00'],
  ['0 22 L * *', 'Last day of the month'],
];

/** For those who may not change it. */
function ScheduleFacts({ schedule: { cron, timeZone, enabled, route, lastRunAt } }: { schedule: Schedule }) {
  return (
    <>
      <Facts
        facts={[
          [
            'Runs',
            <Go key="route" href={paths.routes.one(route.id)} className="link">
              {route.name}
            </Go>,
          ],
          ['Cron line', <code key="cron">{cron}</code>],
          ['Time zone', timeZone],
          ['Last run', lastRunAt === null ? 'None yet' : <Instant key="last" at={lastRunAt} full />],
        ]}
      />
      <div style={{ maxWidth: 400, marginTop: 16 }}>
        <NextRuns cron={cron} timeZone={timeZone} enabled={enabled} />
      </div>
    </>
  );
}

function ScheduleForm({ schedule, routeId }: { schedule: Schedule | null; routeId: string | null }) {
  const go = useGo();
  // Made from the page of a route, it leads back there.
  const origin = routeId === null ? paths.schedules.list() : paths.routes.one(routeId);
  const { form, frame } = useBodyForm({
    initial: {
      routeId: schedule?.route.id ?? routeId,
      name: schedule?.name ?? '',
      cron: schedule?.cron ?? '0 6 * * 1-5',
      timeZone: schedule?.timeZone ?? readerZone(),
      enabled: schedule?.enabled ?? true,
    },
    schema: (schedule === null ? scheduleCreate : scheduleUpdate) as ZodType<ScheduleCreate>,
    toBody: (values) => (schedule === null ? { ...values, routeId: values.routeId ?? undefined } : values),
    stored: schedule,
    send: async (body, header) =>
      schedule === null
        ? (await client.POST('/api/v1/schedules', { body })).data
        : (
            await client.PATCH('/api/v1/schedules/{id}', {
              params: { path: { id: schedule.id }, header },
              body,
            })
          ).data,
    done: async () => {
      await refresh('/api/v1/schedules', '/api/v1/routes', '/api/v1/overview');
      toast.done(schedule === null ? 'The schedule is made' : 'The schedule is saved');
      go(origin);
    },
  });
  const { cron, timeZone, enabled } = form.getValues();
  const field = form.getInputProps;
  return (
    <FormLayout
      label={schedule === null ? 'New schedule' : 'Edit schedule'}
      submit={schedule === null ? 'Create schedule' : 'Save'}
      frame={frame}
      cancelTo={origin}
      aside={<NextRuns cron={cron} timeZone={timeZone} enabled={enabled} />}
    >
      <FormSection title="Schedule">
        <TextInput
          label="Name"
          description="As in “Nightly” or “Working days at six”."
          required
          autoFocus={schedule === null}
          {...field('name')}
        />
        {schedule === null ? (
          <RoutePick label="Route" description="What it runs." required {...field('routeId')} />
        ) : (
          <p>
            Runs{' '}
            <Go href={paths.routes.one(schedule.route.id)} className="link">
              {schedule.route.name}
            </Go>
          </p>
        )}
      </FormSection>
      <FormSection title="When">
        <FieldRow>
          <TextInput
            label="Cron line"
            description="Minute, hour, day of month, month, day of week."
            required
            spellCheck={false}
            {...field('cron')}
          />
          <Select
            label="Time zone"
            description="The clock that the line follows, daylight saving included."
            searchable
            allowDeselect={false}
            limit={60}
            data={zones(timeZone)}
            required
            {...field('timeZone')}
          />
        </FieldRow>
        <div className={classes.examples} role="group" aria-label="Common schedules">
          {EXAMPLES.map(([line, words]) => (
            <button
              key={line}
              type="button"
              className={classes.example}
              aria-pressed={cron === line}
              onClick={() => form.setFieldValue('cron', line)}
            >
              {words}
            </button>
          ))}
        </div>
        <Switch
          label="This schedule is on"
          description="Off: nothing starts by itself until it is on again."
          {...form.getInputProps('enabled', { type: 'checkbox' })}
        />
      </FormSection>
    </FormLayout>
  );
}

const zones = (chosen: string): string[] => [
  ...new Set(['UTC', chosen, ...Intl.supportedValuesOf('timeZone')]),
];

/** The runs that this line would have, asked for as one types. */
function NextRuns({ cron, timeZone, enabled }: { cron: string; timeZone: string; enabled: boolean }) {
  const [line] = useDebouncedValue(cron.trim(), 250);
  const preview = api.useQuery(
    'get',
    '/api/v1/schedules/preview',
    {
      params: { query: { cron: line, timeZone, count: 6 } },
    },
    { enabled: line !== '', retry: false },
  );
  const same = timeZone === readerZone();
  return (
    <div className="box" aria-live="polite">
      <h2>Next runs{enabled ? '' : ', when it is on'}</h2>
      {preview.error === null && <p className={classes.words}>{cronWords(line) ?? 'By the cron line'}</p>}
      {preview.error !== null ? (
        <p className={classes.fault}>{faultOf(preview.error)}</p>
      ) : (
        <ol className={classes.runs}>
          {(preview.data?.runs ?? []).map((run) => (
            <li key={run}>
              <time dateTime={run} data-hint={formatUtc(run)}>
                {formatRun(run, timeZone)}
              </time>
              {!same && <span className="faint">{formatRun(run)} yours</span>}
            </li>
          ))}
        </ol>
      )}
      <p className="faint">
        {same ? `In ${timeZone}, your zone.` : `In ${timeZone}; beside it in your zone, ${readerZone()}.`}
      </p>
    </div>
  );
}

function faultOf(error: unknown): string {
  const fault = error instanceof ApiError ? error.problem?.errors?.[0] : undefined;
  if (fault === undefined) return `${failureTitle(error)}. ${failureText(error)}`;
  return fault.path === 'cron' ? `The cron line ${fault.message}.` : `${fault.message}.`;
}
