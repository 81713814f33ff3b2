import { Drawer, Menu, Modal, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import {
  IconDeviceDesktop,
  IconDots,
  IconKeyboard,
  IconLogout,
  IconMenu2,
  IconMoon,
  IconSearch,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import type { Me } from '@waybill/contracts/access.js';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { endSession, meQuery, SessionProvider, useCan, useMe } from './access/session.js';
import { api, client } from './api.js';
import { useLiveStream, usePollMs } from './live.js';
import { ALL_PLACES, PLACES } from './navigation.js';
import { paths } from './paths.js';
import classes from './shell.module.css';
import { ConfirmProvider } from './ui/confirm.js';
import { Go, useGo } from './ui/go.js';
import { Wordmark } from './ui/logo.js';
import { Shape } from './ui/mark.js';
import { useShortcuts } from './ui/shortcuts.js';
import { toast } from './ui/toast.js';
import { ROLE_WORDS } from './words.js';

const SEARCH_KEYS = /Mac|iP/.test(navigator.platform) ? '⌘ K' : 'Ctrl K';

const Palette = lazy(() => import('./palette.js').then(({ Palette: component }) => ({ default: component })));

/** The frame around every page behind the sign-in. */
export function Shell() {
  const me = useQuery(meQuery());
  if (me.data === undefined) return null;
  return (
    <SessionProvider me={me.data as Me}>
      <ConfirmProvider>
        <Frame />
      </ConfirmProvider>
    </SessionProvider>
  );
}

function Frame() {
  const [menuOpen, setMenuOpen] = useState(false);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [paletteUsed, setPaletteUsed] = useState(false);
  const [helpOpen, setHelpOpen] = useState(false);
  const go = useGo();
  const { pathname } = useLocation();
  useLiveStream();
  useEffect(() => setMenuOpen(false), [pathname]);
  const actions = useMemo(
    () => ({
      go: new Map(
        ALL_PLACES.flatMap(({ key, href }) => (key === undefined ? [] : [[key, () => go(href)] as const])),
      ),
      openPalette: () => {
        setPaletteUsed(true);
        setPaletteOpen(true);
      },
      openHelp: () => setHelpOpen(true),
    }),
    // `go` only closes over the router, which lives as long as the page.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [],
  );
  useShortcuts(actions);
  return (
    <div className={classes.shell}>
      <a href="#content" className={classes.skip}>
        Skip to the content
      </a>
      <header className={classes.top}>
        <button
          type="button"
          className={classes.icon}
          aria-label="Open the menu"
          onClick={() => setMenuOpen(true)}
        >
          <IconMenu2 size={20} />
        </button>
        <Go href={paths.overview} aria-label="Waybill, overview">
          <Wordmark />
        </Go>
        <button
          type="button"
          className={classes.icon}
          aria-label="Search and commands"
          onClick={actions.openPalette}
        >
          <IconSearch size={20} />
        </button>
      </header>
      <div className={classes.side}>
        <Side openPalette={actions.openPalette} openHelp={actions.openHelp} />
      </div>
      <Drawer.Root
        opened={menuOpen}
        onClose={() => setMenuOpen(false)}
        size={272}
        padding={0}
        transitionProps={{ duration: 120 }}
      >
        <Drawer.Overlay backgroundOpacity={0.4} />
        <Drawer.Content aria-label="Menu">
          <Drawer.Body className={classes.drawer}>
            <Side openPalette={actions.openPalette} openHelp={actions.openHelp} />
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
      <main className={classes.main} id="content" tabIndex={-1}>
        <PausedBanner />
        <Outlet />
      </main>
      {paletteUsed && (
        <Suspense>
          <Palette opened={paletteOpen} onClose={() => setPaletteOpen(false)} />
        </Suspense>
      )}
      <Help opened={helpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  );
}

function Side({ openPalette, openHelp }: { openPalette: () => void; openHelp: () => void }) {
  const can = useCan();
  const { pathname } = useLocation();
  const isHere = (href: string) =>
    href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`);
  return (
    <nav className={classes.nav} aria-label="Main">
      <div className={classes.brand}>
        <Go href={paths.overview} aria-label="Waybill, overview">
          <Wordmark />
        </Go>
      </div>
      <button type="button" className={classes.search} onClick={openPalette}>
        <IconSearch size={14} />
        <span>Search</span>
        <kbd>{SEARCH_KEYS}</kbd>
      </button>
      <div className={classes.groups}>
        {PLACES.map(({ label, places }) => {
          const open = places.filter(({ permission }) => permission === null || can(permission));
          if (open.length === 0) return null;
          return (
            <div key={label ?? ''} className={classes.group}>
              {label !== null && <div className={classes.groupLabel}>{label}</div>}
              {open.map((place) => (
                <Go
                  key={place.href}
                  href={place.href}
                  className={classes.place}
                  aria-current={isHere(place.href) ? 'page' : undefined}
                >
                  <place.icon size={16} stroke={1.7} />
                  {place.label}
                </Go>
              ))}
            </div>
          );
        })}
      </div>
      <Person openHelp={openHelp} />
    </nav>
  );
}

function Person({ openHelp }: { openHelp: () => void }) {
  const me = useMe();
  const go = useGo();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = async () => {
    try {
      await client.DELETE('/api/v1/session');
      endSession();
      go(paths.signIn());
    } catch (error) {
      toast.failed(error);
    }
  };
  const schemes = [
    ['light', 'Light', IconSun],
    ['dark', 'Dark', IconMoon],
    ['auto', 'As the system', IconDeviceDesktop],
  ] as const;
  return (
    <Menu
      position="top-start"
      width={204}
      shadow="md"
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <button type="button" className={classes.person}>
          <span className={classes.face} aria-hidden="true">
            {me.name.slice(0, 1).toUpperCase()}
          </span>
          <span className={classes.personText}>
            <span className="cut">{me.name}</span>
            <span className={classes.role}>{ROLE_WORDS[me.role]}</span>
          </span>
          <IconDots size={16} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconUserCircle size={16} />} onClick={() => go(paths.profile)}>
          Your profile
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={openHelp} rightSection={<kbd>?</kbd>}>
          Shortcuts
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        {schemes.map(([value, label, Icon]) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} />}
            rightSection={colorScheme === value ? '✓' : undefined}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function PausedBanner() {
  const can = useCan();
  const pollMs = usePollMs(10_000);
  const overview = api.useQuery('get', '/api/v1/overview', {}, { refetchInterval: pollMs });
  const paused = overview.data?.paused;
  if (!paused) return null;
  return (
    <div className={classes.paused} role="status">
      <Shape shape="pause" tone="warn" size={16} />
      <span>
        <strong>Waybill is paused.</strong> No transfer starts. {paused.by}: {paused.reason}
      </span>
      {can('setting:write') && (
        <Go href={paths.settings} className="link">
          Resume in the settings
        </Go>
      )}
    </div>
  );
}

const KEYS: [keys: string, what: string][] = [
  [SEARCH_KEYS, 'Search and commands'],
  ['/', 'Filter the list'],
  ['j k', 'Next, previous row'],
  ['Enter', 'Open the row'],
  ['n', 'Create a new one'],
  ['?', 'These shortcuts'],
  ['Esc', 'Close what is open'],
];

function Help({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keyboard shortcuts"
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.help}>
        <dl>
          {KEYS.map(([keys, what]) => (
            <div key={keys}>
              <dt>{what}</dt>
              <dd>
                <kbd>{keys}</kbd>
              </dd>
            </div>
          ))}
        </dl>
        <dl>
          {ALL_PLACES.filter(({ key }) => key !== undefined).map(({ key, label }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <kbd>g</kbd> <kbd>{key}</kbd>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </Modal>
  );
}
