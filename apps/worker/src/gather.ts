/**
 * Does for many at once what each asks for: what comes while one round is under way is gathered for the next. So the
 * slower the work, the more share one round of it, and nobody waits for others while there is nothing to wait for.
 * @param work fails for all of its round alike
 */
export function gather<Item>(work: (items: Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let next: { items: Item[]; done: Promise<void> } | null = null;
  let last = Promise.resolve();
  return (item) => {
    if (next !== null) {
      next.items.push(item);
      return next.done;
    }
    const round = { items: [item], done: last };
    round.done = last.then(() => {
      next = null;
      return work(round.items);
    });
    next = round;
    last = round.done.catch(() => undefined);
    return round.done;
  };
}
