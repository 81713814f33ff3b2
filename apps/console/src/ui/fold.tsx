import { IconChevronRight } from '@tabler/icons-react';
import { useId, useState, type ReactNode } from 'react';
import classes from './fold.module.css';

/** Fields that few people need: a heading that opens, and says beside it what is to be known while it is closed. */
export function Fold({
  title,
  about,
  aside,
  startsOpen,
  mustOpen,
  children,
}: {
  title: string;
  /** What is in it, shown while it is closed. */
  about?: string;
  aside?: ReactNode;
  startsOpen: boolean;
  /** Something in it must be seen now. */
  mustOpen: boolean;
  children: ReactNode;
}) {
  const [wanted, setWanted] = useState(startsOpen);
  const isOpen = wanted || mustOpen;
  const id = useId();
  return (
    <fieldset className={classes.fold}>
      <legend className={classes.legend}>
        <button
          type="button"
          className={classes.head}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setWanted(!isOpen)}
        >
          <IconChevronRight size={14} className={classes.arrow} aria-hidden="true" />
          <span className={classes.title}>{title}</span>
          {about !== undefined && !isOpen && <span className={classes.about}>{about}</span>}
          {aside !== undefined && <span className={classes.aside}>{aside}</span>}
        </button>
      </legend>
      <div id={id} className={classes.body} hidden={!isOpen}>
        {children}
      </div>
    </fieldset>
  );
}
