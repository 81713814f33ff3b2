import type { ReactNode } from 'react';
import { Shape, type Shape as ShapeName, type Tone } from './mark.js';
import classes from './notice.module.css';

const SHAPE_OF: Record<Tone, ShapeName> = {
  ok: 'check',
  bad: 'cross',
  warn: 'pause',
  accent: 'clock',
  mute: 'ring',
};

/** A sentence that must be seen, with what to press beside it. */
export function Notice({
  tone,
  title,
  children,
  actions,
  shape,
  alert = false,
}: {
  tone: Tone;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  shape?: ShapeName;
  alert?: boolean;
}) {
  return (
    <div className={classes.notice} data-tone={tone} role={alert ? 'alert' : undefined}>
      <span className={classes.mark}>
        <Shape shape={shape ?? SHAPE_OF[tone]} tone={tone} size={16} />
      </span>
      <div className={classes.body}>
        <p className={classes.title}>{title}</p>
        {children && (
          <div className={classes.text} data-prose>
            {children}
          </div>
        )}
      </div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

/** Nothing here: why, and what to do next. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={classes.empty}>
      <svg viewBox="0 0 48 32" width="48" height="32" aria-hidden="true" className={classes.art}>
        <rect x="1" y="1" width="46" height="8" rx="3" />
        <rect x="1" y="12" width="46" height="8" rx="3" opacity=".65" />
        <rect x="1" y="23" width="46" height="8" rx="3" opacity=".35" />
      </svg>
      <p className={classes.emptyTitle}>{title}</p>
      {children && (
        <div className={classes.emptyText} data-prose>
          {children}
        </div>
      )}
      {action && <div className={classes.emptyAction}>{action}</div>}
    </div>
  );
}
