import classes from './awaiting.module.css';
import { Failure } from './failure.js';

/** In place of what is still being read: its outline, or why it did not come. */
export function Awaiting({ query }: { query: { data: unknown; error: unknown; refetch: () => unknown } }) {
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
