import { Go } from '../ui/go.js';
import { Shape, type Shape as ShapeName, type Tone } from '../ui/mark.js';
import classes from './overview.module.css';

export interface Stat {
  label: string;
  value: string;
  href: string;
  shape: ShapeName | null;
  tone: Tone;
}

/** Figures in a row, each a link to the rows behind it. */
export function StatStrip({ stats }: { stats: Stat[] }) {
  return (
    <ul className={classes.stats} aria-label="Figures">
      {stats.map(({ label, value, href, shape, tone }) => (
        <li key={label}>
          <Go href={href} className={classes.stat} data-zero={value === '0' || value === '0 B'}>
            <span className={classes.statLabel}>
              {shape !== null && <Shape shape={shape} tone={value === '0' ? 'mute' : tone} size={12} />}
              {label}
            </span>
            <span className={classes.statValue}>{value}</span>
          </Go>
        </li>
      ))}
    </ul>
  );
}
