import { Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import type { Me } from '@waybill/contracts/access.js';
import { useEffect, useMemo, useState } from 'react';
import { meQuery, SessionProvider, useCan, useMe } from './access/session.js';
import { SignInAgain } from './access/sign-in-again.js';
import { api } from './api.js';
import { useLiveStream, usePollMs } from './live.js';
import { openPlaces } from './navigation.js';
import { Palette } from './palette.js';
import { paths } from './paths.js';
import { PersonMenu } from './person-menu.js';
import { SEARCH_KEYS, ShortcutHelp } from './shortcut-help.js';
import classes from './shell.module.css';
import { ConfirmProvider } from './ui/confirm.js';
import { failureTitle } from './ui/failure.js';
import { Go, useGo } from './ui/go.js';
import { Instant } from './ui/instant.js';
import { Wordmark } from './ui/logo.js';
import { Shape } from './ui/mark.js';
import { useShortcuts } from './ui/shortcuts.js';

/** The frame around every page behind the sign-in. */
export function Shell() {
  const me = useQuery(meQuery());
  if (me.data === undefined) return null;
  return (
    <SessionProvider me={me.data as Me}>
      <ConfirmProvider>
        <Frame />
      </ConfirmProvider>
      <SignInAgain />
    </SessionProvider>
  );
}

function Frame() {
  const [menuOpen, setMenuOpen] = useState(false);
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [helpOpen, setHelpOpen] = useState(false);
  const go = useGo();
  const can = useCan();
  const me = useMe();
  const { pathname } = useLocation();
  useLiveStream();
  useEffect(() => setMenuOpen(false), [pathname]);
  const actions = useMemo(
    () => ({
      go: new Map(
        openPlaces(can)
          .flatMap(({ places }) => places)
          .flatMap(({ key, href }) => (key === undefined ? [] : [[key, () => go(href)] as const])),
      ),
      openPalette: () => setPaletteOpen(true),
      openHelp: () => setHelpOpen(true),
    }),
    // `go` only closes over the router, which lives as long as the page, and `can` over the person.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [me],
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
        <Banners />
        <Outlet />
      </main>
      <Palette opened={paletteOpen} onClose={() => setPaletteOpen(false)} />
      <ShortcutHelp opened={helpOpen} onClose={() => setHelpOpen(false)} />
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
        {openPlaces(can).map(({ label, places }) => (
          <div key={label ?? ''} className={classes.group}>
            {label !== null && <div className={classes.groupLabel}>{label}</div>}
            {places.map((place) => (
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
        ))}
      </div>
      <PersonMenu openHelp={openHelp} />
    </nav>
  );
}

/** What concerns every page: that nothing starts, or that nothing new is heard. */
function Banners() {
  const can = useCan();
  const pollMs = usePollMs(10_000);
  const { data, error, dataUpdatedAt } = api.useQuery(
    'get',
    '/api/v1/overview',
    {},
    { refetchInterval: pollMs },
  );
  if (data === undefined) return null;
  const { paused } = data;
  return (
    <>
      {error !== null && (
        <div className={classes.banner} data-tone="bad" role="alert">
          <Shape shape="cross" tone="bad" size={16} />
          <p>
            <strong>{failureTitle(error)}.</strong> What you see is of{' '}
            <Instant at={new Date(dataUpdatedAt).toISOString()} />; it is asked for anew every few seconds.
          </p>
        </div>
      )}
      {paused !== null && (
        <div className={classes.banner} data-tone="warn" role="status">
          <Shape shape="pause" tone="warn" size={16} />
          <p>
            <strong>Waybill is paused.</strong> No transfer starts. {paused.by}: {paused.reason}{' '}
            {can('setting:write') && (
              <Go href={paths.settings} className="link">
                Resume in the settings
              </Go>
            )}
          </p>
        </div>
      )}
    </>
  );
}
