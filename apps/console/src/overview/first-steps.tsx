import { Button } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import type { Permission } from '@waybill/contracts/permissions.js';
import { useCan } from '../access/session.js';
import { api } from '../api.js';
import { paths } from '../paths.js';
import { usePaused, useRunRoute } from '../start-transfer.js';
import { ActButton } from '../ui/act-button.js';
import { Section } from '../ui/facts.js';
import { Go } from '../ui/go.js';
import { Shape } from '../ui/mark.js';
import classes from './overview.module.css';

const ONE = { params: { query: { limit: 1 } } };
/** Routes that can be run from here; there are lists for more. */
const OFFERED = 3;

interface Step {
  isDone: boolean;
  text: string;
  link: string;
  href: string;
  needs: Permission;
  /** Not in the way of those after it. */
  isOptional?: boolean;
}

/** What a new installation needs until its first file can move; shown while nothing has. */
export function FirstSteps() {
  const can = useCan();
  const partners = api.useQuery('get', '/api/v1/partners', ONE);
  const endpoints = api.useQuery('get', '/api/v1/endpoints', { params: { query: { limit: 10 } } });
  const routes = api.useQuery('get', '/api/v1/routes', { params: { query: { limit: 10, enabled: 'true' } } });
  const transfers = api.useQuery('get', '/api/v1/transfers', ONE);
  if (!partners.data || !endpoints.data || !routes.data || transfers.data?.items.length !== 0) return null;
  const servers = endpoints.data.items.filter(({ protocol }) => protocol !== 'local_folder');
  const ready = routes.data.items
    .filter(({ heldAt, source, target }) => heldAt === null && !source.held && !target.held)
    .slice(0, OFFERED);
  const steps: Step[] = [
    {
      isDone: partners.data.items.length > 0,
      text: 'Say whom you exchange files with.',
      link: 'New partner',
      href: paths.partners.create(),
      needs: 'partner:write',
    },
    {
      isDone: endpoints.data.items.length > 1,
      text: 'Add two endpoints: the partner’s server, and a folder of yours.',
      link: 'New endpoint',
      href: paths.endpoints.create(),
      needs: 'endpoint:write',
    },
    {
      isDone: servers.some(({ lastTest }) => lastTest?.state === 'passed'),
      text: 'Test the connection to the server.',
      link: 'Go and test',
      href: servers[0] === undefined ? paths.endpoints.list() : paths.endpoints.one(servers[0].id),
      needs: 'endpoint:test',
      isOptional: true,
    },
    {
      isDone: routes.data.items.length > 0,
      text: 'Make a route: which files go from where to where.',
      link: 'New route',
      href: paths.routes.create(),
      needs: 'route:write',
    },
    {
      isDone: false,
      text: 'Run it, and watch the files move.',
      link: 'Routes',
      href: paths.routes.list(),
      needs: 'transfer:start',
    },
  ];
  const next = steps.find(({ isDone, isOptional }) => !isDone && !isOptional);
  const isLast = next === steps.at(-1);
  const isOpen = (step: Step) =>
    step === next ? !(isLast && ready.length > 0) : step.isOptional && !step.isDone && servers.length > 0;
  return (
    <Section title="The way to the first file">
      <ol className={classes.list}>
        {steps.map((step) => (
          <li key={step.link} className={classes.line}>
            <Shape shape={step.isDone ? 'check' : 'ring'} tone={step.isDone ? 'ok' : 'mute'} />
            <span className={step.isDone ? 'faint' : undefined}>
              {step.isDone && <span className="only-read">Done: </span>}
              {step.text}
            </span>
            {isOpen(step) && can(step.needs) && (
              <Button
                size="compact-sm"
                variant={step === next ? 'filled' : 'default'}
                component={Go}
                href={step.href}
                className={classes.lineEnd}
              >
                {step.link}
              </Button>
            )}
          </li>
        ))}
      </ol>
      {isLast && can('transfer:start') && <Offers routes={ready} />}
    </Section>
  );
}

/** The routes that can be run at once. */
function Offers({ routes }: { routes: { id: string; name: string }[] }) {
  const run = useRunRoute();
  const isPaused = usePaused();
  return (
    <ul className={classes.offers}>
      {routes.map((route) => (
        <li key={route.id} className={classes.line}>
          <Go href={paths.routes.one(route.id)} className={`${classes.dueName} cut`}>
            {route.name}
          </Go>
          <span className={classes.lineEnd} data-hint={isPaused ? 'Waybill is paused' : undefined}>
            <ActButton
              size="compact-sm"
              leftSection={<IconPlayerPlay size={14} />}
              disabled={isPaused}
              aria-label={`Run now: ${route.name}`}
              act={() => run(route)}
            >
              Run now
            </ActButton>
          </span>
        </li>
      ))}
    </ul>
  );
}
