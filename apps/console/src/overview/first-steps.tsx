import { Button } from '@mantine/core';
import type { Permission } from '@waybill/contracts/permissions.js';
import { useCan } from '../access/session.js';
import { api } from '../api.js';
import { paths } from '../paths.js';
import { Section } from '../ui/facts.js';
import { Go } from '../ui/go.js';
import { Shape } from '../ui/mark.js';
import classes from './overview.module.css';

const ONE = { params: { query: { limit: 1 } } };

interface Step {
  isDone: boolean;
  text: string;
  link: string;
  href: string;
  needs: Permission;
}

/** What a new installation needs until its first file can move; shown while nothing has. */
export function FirstSteps() {
  const can = useCan();
  const partners = api.useQuery('get', '/api/v1/partners', ONE);
  const endpoints = api.useQuery('get', '/api/v1/endpoints', { params: { query: { limit: 2 } } });
  const routes = api.useQuery('get', '/api/v1/routes', ONE);
  const transfers = api.useQuery('get', '/api/v1/transfers', ONE);
  const counts = [partners, endpoints, routes, transfers].map(({ data }) => data?.items.length);
  const [partnerCount, endpointCount, routeCount, transferCount] = counts;
  if (counts.includes(undefined) || transferCount !== 0) return null;
  const steps: Step[] = [
    {
      isDone: partnerCount !== 0,
      text: 'Say whom you exchange files with.',
      link: 'New partner',
      href: paths.partners.create(),
      needs: 'partner:write',
    },
    {
      isDone: endpointCount === 2,
      text: 'Add two endpoints: the partner’s server, and a folder of yours. Test them.',
      link: 'New endpoint',
      href: paths.endpoints.create(),
      needs: 'endpoint:write',
    },
    {
      isDone: routeCount !== 0,
      text: 'Make a route: which files go from where to where.',
      link: 'New route',
      href: paths.routes.create(),
      needs: 'route:write',
    },
    {
      isDone: false,
      text: 'Open the route and press “Run now”.',
      link: 'Routes',
      href: paths.routes.list(),
      needs: 'transfer:start',
    },
  ];
  const next = steps.find(({ isDone }) => !isDone);
  return (
    <Section title="The way to the first file">
      <ol className={classes.list}>
        {steps.map((step) => (
          <li key={step.link} className={classes.line}>
            <Shape shape={step.isDone ? 'check' : 'ring'} tone={step.isDone ? 'ok' : 'mute'} />
            <span className={step.isDone ? 'faint' : undefined}>{step.text}</span>
            {step === next && can(step.needs) && (
              <Button size="compact-sm" component={Go} href={step.href} className={classes.lineEnd}>
                {step.link}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Section>
  );
}
