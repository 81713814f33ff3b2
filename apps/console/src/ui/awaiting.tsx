import type { ReactNode } from 'react';
import classes from './awaiting.module.css';
import { Failure } from './failure.js';

interface Query<Data> {
  data: Data | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** In place of what is still being read: its outline, or why it did not come. */
export function Awaiting({ query }: { query: Query<unknown> }) {
  if (query.data !== undefined) return null;
  if (query.error !== null) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return (
    <div role="status" aria-label="Loading" className={classes.bones}>
      {Array.from({ length: 7 }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}

/** The form for what is stored, once that has been read anew: what was read a while ago may have changed since. */
export function ReadAnew<Data>({
  query,
  children,
}: {
  /** With a `staleTime` of 0. */
  query: Query<Data> & { isFetchedAfterMount: boolean };
  children: (stored: Data) => ReactNode;
}) {
  const { data, error, refetch, isFetchedAfterMount } = query;
  const stored = isFetchedAfterMount ? data : undefined;
  return stored === undefined ? <Awaiting query={{ data: stored, error, refetch }} /> : children(stored);
}
