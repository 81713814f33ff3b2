import { useEffect, type ReactNode } from 'react';
import { Go } from './go.js';
import classes from './page.module.css';

export interface Crumb {
  label: string;
  href: string;
}

/** The frame of a page: where we are, its name, what can be done here. Sets the title of the document. */
export function Page({
  title,
  crumbs = [],
  mark,
  actions,
  children,
  narrow = false,
  lead,
}: {
  title: string;
  crumbs?: Crumb[];
  mark?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  narrow?: boolean;
  lead?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Waybill`;
  }, [title]);
  return (
    <div className={classes.page} data-narrow={narrow}>
      <header className={classes.head}>
        <div className={classes.names}>
          {crumbs.length > 0 && (
            <nav aria-label="Breadcrumb" className={classes.crumbs}>
              {crumbs.map(({ label, href }) => (
                <Go key={href} href={href} className={classes.crumb}>
                  {label}
                </Go>
              ))}
            </nav>
          )}
          <div className={classes.titleLine}>
            <h1 className={classes.title}>{title}</h1>
            {mark}
          </div>
          {lead !== undefined && (
            <div className={classes.lead} data-prose>
              {lead}
            </div>
          )}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
