import { useDebouncedValue } from '@mantine/hooks';
import { IconBuilding, IconPlayerPlay, IconPlus, IconRoute } from '@tabler/icons-react';
import { useState } from 'react';
import { useCan } from './access/session.js';
import { api } from './api.js';
import { openPlaces } from './navigation.js';
import { paths } from './paths.js';
import { usePaused, useRunRoute } from './start-transfer.js';
import { CommandList, type Command } from './ui/command-list.js';
import { useGo } from './ui/go.js';

const FOUND = 6;

/** The command palette: pages, things that can be made, partners and routes to open, routes to run. */
export function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 120);
  const go = useGo();
  const can = useCan();
  const query = { params: { query: { search: search || undefined, limit: FOUND } } };
  const routes = api.useQuery('get', '/api/v1/routes', query, { enabled: opened && can('route:read') });
  const partners = api.useQuery('get', '/api/v1/partners', query, {
    enabled: opened && search !== '' && can('partner:read'),
  });
  const close = () => {
    setText('');
    onClose();
  };
  const run = useRunRoute();
  const isPaused = usePaused();
  const found = routes.data?.items ?? [];
  const startable =
    can('transfer:start') && !isPaused
      ? found.filter(
          ({ enabled, heldAt, source, target }) => enabled && !heldAt && !source.held && !target.held,
        )
      : [];
  const fits = (label: string) => label.toLowerCase().includes(text.trim().toLowerCase());
  const commands: Command[] = [
    ...openPlaces(can)
      .flatMap(({ places }) => places)
      .filter(({ label }) => fits(label))
      .map((place) => ({
        id: place.href,
        group: 'Go to',
        label: place.label,
        icon: <place.icon size={16} />,
        keys: place.key === undefined ? undefined : `g ${place.key}`,
        run: () => go(place.href),
      })),
    ...MAKE.filter(({ permission, label }) => can(permission) && fits(label)).map(({ label, href }) => ({
      id: href,
      group: 'Create',
      label,
      icon: <IconPlus size={16} />,
      run: () => go(href),
    })),
    ...(search === '' ? [] : found).map(({ id, name }) => ({
      id: `route-${id}`,
      group: 'Open a route',
      label: name,
      icon: <IconRoute size={16} />,
      run: () => go(paths.routes.one(id)),
    })),
    ...(search === '' ? [] : (partners.data?.items ?? [])).map(({ id, name }) => ({
      id: `partner-${id}`,
      group: 'Open a partner',
      label: name,
      icon: <IconBuilding size={16} />,
      run: () => go(paths.partners.one(id)),
    })),
    // Last, so that Enter after a name opens it and starts nothing.
    ...startable.map((route) => ({
      id: `run-${route.id}`,
      group: 'Run a route',
      label: route.name,
      icon: <IconPlayerPlay size={16} />,
      run: () => void run(route),
    })),
  ];
  return (
    <CommandList
      opened={opened}
      onClose={close}
      text={text}
      onText={setText}
      commands={commands}
      label="Command palette"
      placeholder={
        can('transfer:start')
          ? 'Go to a page, find a partner, run a route…'
          : 'Go to a page, find a partner or a route…'
      }
    />
  );
}

const MAKE = [
  { label: 'New partner', href: paths.partners.create(), permission: 'partner:write' },
  { label: 'New endpoint', href: paths.endpoints.create(), permission: 'endpoint:write' },
  { label: 'New route', href: paths.routes.create(), permission: 'route:write' },
  { label: 'New schedule', href: paths.schedules.create(), permission: 'schedule:write' },
  { label: 'New credential', href: paths.credentials.create(), permission: 'credential:write' },
  { label: 'Import a certificate', href: paths.certificates.create(), permission: 'certificate:write' },
  { label: 'New user', href: paths.users.create(), permission: 'user:write' },
  { label: 'New API key', href: paths.apiKeys.create(), permission: 'api-key:write' },
  { label: 'Allow a network range', href: paths.network.create(), permission: 'network:write' },
] as const;
