import { useEffect, useState } from 'react';
import classes from './hint.module.css';

interface Shown {
  text: string;
  x: number;
  y: number;
  below: boolean;
}

/** What is to be hinted at here: what is meant to be, or the text of a cell that does not fit into it. */
function hintAt(target: EventTarget | null): [element: Element | null, text: string] {
  if (!(target instanceof Element)) return [null, ''];
  const meant = target.closest('[data-hint]');
  if (meant !== null) return [meant, meant.getAttribute('data-hint') ?? ''];
  const cell = target.closest('[role="cell"]');
  const isCut = cell !== null && cell.scrollWidth > cell.clientWidth;
  return isCut ? [cell, cell.textContent] : [null, ''];
}

/**
 * One hint for the whole page: shows the `data-hint` of whatever is pointed at or focused, or the
 * whole text of a cell that was cut. One listener in place
 * of a tooltip component around each of thousands of instants.
 */
export function HintLayer() {
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => {
    let timer = 0;
    const show = (event: Event) => {
      window.clearTimeout(timer);
      const [element, text] = hintAt(event.target);
      if (element === null || text === '') {
        setShown(null);
        return;
      }
      timer = window.setTimeout(() => {
        const box = element.getBoundingClientRect();
        const below = box.top < 48;
        const half = Math.min(160, text.length * 3.5 + 12);
        const x = Math.min(Math.max(box.left + box.width / 2, half + 4), window.innerWidth - half - 4);
        setShown({ text, x, y: below ? box.bottom + 6 : box.top - 6, below });
      }, 250);
    };
    const hide = () => {
      window.clearTimeout(timer);
      setShown(null);
    };
    document.addEventListener('pointerover', show);
    document.addEventListener('focusin', show);
    document.addEventListener('pointerdown', hide);
    document.addEventListener('scroll', hide, true);
    document.addEventListener('keydown', hide);
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener('pointerover', show);
      document.removeEventListener('focusin', show);
      document.removeEventListener('pointerdown', hide);
      document.removeEventListener('scroll', hide, true);
      document.removeEventListener('keydown', hide);
    };
  }, []);
  if (shown === null) return null;
  return (
    <div
      className={classes.hint}
      data-below={shown.below}
      style={{ left: shown.x, top: shown.y }}
      aria-hidden="true"
    >
      {shown.text}
    </div>
  );
}
