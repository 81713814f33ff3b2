import { useSearch } from '@tanstack/react-router';
import { Go } from './go.js';
import classes from './tabs.module.css';

export interface Tab {
  key: string;
  label: string;
  count?: number;
}

/** Tabs that are links: the open one is `?tab=` in the URL, the first where it is missing. */
export function Tabs({ tabs, label }: { tabs: Tab[]; label: string }) {
  const current = useTab(tabs);
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map(({ key, label: word, count }, index) => (
        <Go
          key={key}
          href={index === 0 ? window.location.pathname : `${window.location.pathname}?tab=${key}`}
          className={classes.tab}
          aria-current={key === current ? 'page' : undefined}
        >
          {word}
          {count !== undefined && <span className={classes.count}>{count}</span>}
        </Go>
      ))}
    </nav>
  );
}

/** The key of the open tab. */
export function useTab(tabs: Tab[]): string {
  const { tab } = useSearch({ strict: false }) as { tab?: string };
  return tabs.find(({ key }) => key === tab)?.key ?? tabs[0]?.key ?? '';
}
