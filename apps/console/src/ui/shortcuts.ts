import { useEffect } from 'react';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));

const dialogOpen = (): boolean => document.querySelector('[role="dialog"]') !== null;

/** Moves the focus over the rows of the list on the page, down or up. */
function walkRows(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row-link]')];
  const active = document.activeElement;
  const at = rows.findIndex((row) => row === active || row.closest('[role="row"]')?.contains(active));
  const next = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
  next?.focus();
  (next?.closest('[role="row"], li') ?? next)?.scrollIntoView({ block: 'nearest' });
}

export interface ShortcutActions {
  /** Keys after `g`, each with what it does. */
  go: ReadonlyMap<string, () => void>;
  openPalette: () => void;
  openHelp: () => void;
}

/** The keys that work on every page: Ctrl+K, ?, /, g and a letter, j, k, n. */
export function useShortcuts({ go, openPalette, openHelp }: ShortcutActions): void {
  useEffect(() => {
    let goUntil = 0;
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openPalette();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || dialogOpen()) return;
      if (Date.now() < goUntil) {
        goUntil = 0;
        const action = go.get(event.key);
        if (action !== undefined) {
          event.preventDefault();
          action();
          return;
        }
      }
      const actions: Record<string, () => void> = {
        g: () => void (goUntil = Date.now() + 1200),
        '?': openHelp,
        '/': () => document.querySelector<HTMLElement>('[data-filter-search]')?.focus(),
        j: () => walkRows(1),
        k: () => walkRows(-1),
        n: () => document.querySelector<HTMLElement>('[data-create]')?.click(),
      };
      const action = actions[event.key];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [go, openPalette, openHelp]);
}
