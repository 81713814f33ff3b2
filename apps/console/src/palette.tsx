import { useDebouncedValue } from '@mantine/hooks';
import {
  IconArrowsLeftRight,
  IconBuilding,
  IconCalendarClock,
  IconLogout,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnected,
  IconPlus,
  IconRoute,
} from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useCan } from './access/session.js';
import { useSignOut } from './access/sign-out.js';
import { api } from './api.js';
import { formatInstant } from './format.js';
import { openPlaces } from './navigation.js';
import { fitsText, readPaletteText, type PaletteText } from './palette-text.js';
import { paths } from './paths.js';
import { usePauseSwitch } from './pause.js';
import { usePaused, useRunRoute } from './start-transfer.js';
import { CommandList, type Command } from './ui/command-list.js';
import { useGo } from './ui/go.js';
import { transferLook } from './words.js';

const FOUND = 6;
/** Transfers of one route are alike; the newest will do. */
const TRANSFERS_FOUND = 3;

const NOTHING = { things: [], runs: [] };

/** The command palette: pages, what can be made and done, things to open by name, routes to run. */
export function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [text, setText] = useState('');
  const can = useCan();
  const meant = readPaletteText(text);
  const [search] = useDebouncedValue(meant.search, 120);
  const pages = usePages();
  const deeds = useDeeds();
  const found = useFound({ ...meant, search }, opened);
  // Enter must not open or run what was found for the text before.
  const { things, runs } = search === meant.search ? found : NOTHING;
  const close = () => {
    setText('');
    onClose();
  };
  const own = (commands: Command[]) =>
    commands.filter(({ group, label }) => fitsText(text.trim(), `${group} ${label}`));
  return (
    <CommandList
      opened={opened}
      onClose={close}
      text={text}
      onText={setText}
      // Runs come last, so that Enter after a name opens it and starts nothing.
      commands={meant.isRun ? runs : [...own(pages), ...things, ...own(deeds), ...runs]}
      label="Command palette"
      placeholder={
        can('transfer:start')
          ? 'Go to a page, find a partner or a file, run a route…'
          : 'Go to a page, find a partner, a route or a file…'
      }
    />
  );
}

/** Where one can go, and what can be made. */
function usePages(): Command[] {
  const can = useCan();
  const go = useGo();
  const places = openPlaces(can).flatMap((group) => group.places);
  return [
    ...places.map((place) => ({
      id: place.href,
      group: 'Go to',
      label: place.label,
      icon: <place.icon size={16} />,
      keys: place.key === undefined ? undefined : `g ${place.key}`,
      run: () => go(place.href),
    })),
    ...MAKE.filter(({ permission }) => can(permission)).map(({ label, href }) => ({
      id: href,
      group: 'Create',
      label,
      icon: <IconPlus size={16} />,
      run: () => go(href),
    })),
  ];
}

/** What can be done from everywhere. */
function useDeeds(): Command[] {
  const can = useCan();
  const isPaused = usePaused();
  const { pause, resume } = usePauseSwitch();
  const signOut = useSignOut();
  const deed = (label: string, icon: ReactNode, run: () => Promise<unknown>): Command => ({
    id: label,
    group: 'Do',
    label,
    icon,
    run: () => void run(),
  });
  const pauseOrResume = isPaused
    ? deed('Resume Waybill', <IconPlayerPlay size={16} />, resume)
    : deed('Pause Waybill…', <IconPlayerPause size={16} />, pause);
  return [
    ...(can('setting:write') ? [pauseOrResume] : []),
    deed('Sign out', <IconLogout size={16} />, signOut),
  ];
}

/** The things whose name holds the text, transfers by their files too; and the routes that can be run. */
function useFound({ search, id }: PaletteText, opened: boolean): { things: Command[]; runs: Command[] } {
  const can = useCan();
  const go = useGo();
  const run = useRunRoute();
  const isPaused = usePaused();
  const isSearched = search !== '';
  const named = (limit = FOUND) => ({ params: { query: { search: search || undefined, limit } } });
  const when = (permission: Parameters<typeof can>[0], wanted = isSearched) => ({
    enabled: opened && wanted && can(permission),
  });
  const partners = api.useQuery('get', '/api/v1/partners', named(), when('partner:read'));
  const endpoints = api.useQuery('get', '/api/v1/endpoints', named(), when('endpoint:read'));
  // Some can be run before anything is typed.
  const routes = api.useQuery('get', '/api/v1/routes', named(), when('route:read', true));
  const schedules = api.useQuery('get', '/api/v1/schedules', named(), when('schedule:read'));
  const transfers = api.useQuery('get', '/api/v1/transfers', named(TRANSFERS_FOUND), when('transfer:read'));
  const byId = { params: { path: { id: id ?? '' } } };
  const transfer = api.useQuery('get', '/api/v1/transfers/{id}', byId, when('transfer:read', id !== null));

  interface Thing {
    id: string;
    name: string;
  }
  const open = (
    group: string,
    icon: ReactNode,
    href: (id: string) => string,
    items: Thing[] = [],
  ): Command[] =>
    (isSearched ? items : []).map(({ id, name }) => ({
      id: href(id),
      group,
      label: name,
      icon,
      run: () => go(href(id)),
    }));
  const moved = [...(transfer.data ? [transfer.data] : []), ...(transfers.data?.items ?? [])].map((one) => ({
    id: one.id,
    name: `${one.route.name} · ${transferLook(one.state).word} · ${formatInstant(one.createdAt)}`,
  }));
  const things = [
    ...open('Open a route', <IconRoute size={16} />, paths.routes.one, routes.data?.items),
    ...open('Open a partner', <IconBuilding size={16} />, paths.partners.one, partners.data?.items),
    ...open('Open an endpoint', <IconPlugConnected size={16} />, paths.endpoints.one, endpoints.data?.items),
    ...open('Open a schedule', <IconCalendarClock size={16} />, paths.schedules.one, schedules.data?.items),
    ...open('Open a transfer', <IconArrowsLeftRight size={16} />, paths.transfers.one, moved),
  ];
  const startable = (routes.data?.items ?? []).filter(
    ({ enabled, heldAt, source, target }) => enabled && !heldAt && !source.held && !target.held,
  );
  const runs = (can('transfer:start') && !isPaused ? startable : []).map((route) => ({
    id: `run ${route.id}`,
    group: 'Run a route',
    label: route.name,
    icon: <IconPlayerPlay size={16} />,
    run: () => void run(route),
  }));
  return { things, runs };
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
