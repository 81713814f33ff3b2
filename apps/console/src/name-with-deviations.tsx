import type { StandingDeviation } from '@waybill/contracts/exceptions.js';
import type { ReactNode } from 'react';
import classes from './name-with-deviations.module.css';
import { Tag } from './ui/mark.js';
import { WEAKENING } from './words.js';

/** A name with how it weakens protection or proof; the name is cut before that is. */
export function NameWithDeviations({
  children,
  deviations,
}: {
  children: ReactNode;
  deviations: StandingDeviation[];
}) {
  const kinds = [...new Set(deviations.map(({ kind }) => kind))];
  const [first] = kinds;
  if (first === undefined) return children;
  const more = kinds.length > 1 ? ` +${kinds.length - 1}` : '';
  return (
    <span className={classes.pair}>
      <span className="cut">{children}</span>
      <span className={classes.tag} data-hint={kinds.map((kind) => WEAKENING[kind].says).join(' ')}>
        <Tag tone="warn">{`${WEAKENING[first].word}${more}`}</Tag>
      </span>
    </span>
  );
}
