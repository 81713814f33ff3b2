import classes from './progress.module.css';
import type { Tone } from './mark.js';

/** A bar for a share of a whole, 0 to 100. `percent` null: it moves, but nobody knows how far. */
export function Progress({
  percent,
  label,
  tone = 'accent',
  tall = false,
}: {
  percent: number | null;
  label: string;
  tone?: Tone;
  tall?: boolean;
}) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      className={classes.track}
      data-tall={tall}
    >
      <div
        className={classes.bar}
        data-tone={tone}
        data-unknown={percent === null}
        style={percent === null ? undefined : { transform: `scaleX(${percent / 100})` }}
      />
    </div>
  );
}
