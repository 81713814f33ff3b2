/** What is kept of the lists last left, so that going back arrives at the same row. */
import type { VirtualItem } from '@tanstack/react-virtual';
import { useEffect, type RefObject } from 'react';

/** The heights that the rows of a list had, by its place. */
export const heightsLeft = new Map<string, VirtualItem[]>();
/** The row that had the focus last, by the place of its list. */
export const rowLeft = new Map<string, string>();
const MAX_LEFT = 10;
export function keepLeft<Value>(left: Map<string, Value>, place: string, value: Value): void {
  left.delete(place);
  left.set(place, value);
  const [oldest] = left.keys();
  if (left.size > MAX_LEFT && oldest !== undefined) left.delete(oldest);
}

/** Gives the focus back to the row that had it, once the router has scrolled and where nothing else has it. */
export function useFocusOnReturn(body: RefObject<HTMLElement | null>, place: string, hasRows: boolean): void {
  useEffect(() => {
    const key = rowLeft.get(place);
    if (!hasRows || key === undefined) return undefined;
    const timer = window.setTimeout(() => {
      if (document.activeElement !== document.body) return;
      const row = body.current?.querySelector(`[data-row="${CSS.escape(key)}"] [data-row-link]`);
      if (row instanceof HTMLElement) row.focus({ preventScroll: true });
    }, 50);
    return () => window.clearTimeout(timer);
  }, [body, place, hasRows]);
}
