import { useEffect, useState } from 'react';
import { formatInstant, formatInstantFull, formatRelative, formatUtc } from '../format.js';

/** A time in the reader's zone with the exact UTC instant on hover. */
export function Instant({ at, full = false }: { at: string; full?: boolean }) {
  return (
    <time dateTime={at} data-hint={formatUtc(at)}>
      {full ? formatInstantFull(at) : formatInstant(at)}
    </time>
  );
}

/**
 * "in 5 min", kept current, with the exact UTC instant on hover. What is `due` is never ago: it is now, or what
 * `dueWord` says, until it has begun.
 */
export function RelativeInstant({
  at,
  due = false,
  dueWord = 'now',
}: {
  at: string;
  due?: boolean;
  dueWord?: string;
}) {
  const nowMs = useNowMs(10_000);
  return (
    <time dateTime={at} data-hint={formatUtc(at)}>
      {due && Date.parse(at) <= nowMs ? dueWord : formatRelative(at, nowMs)}
    </time>
  );
}

/** The present, renewed every `everyMs`. */
export function useNowMs(everyMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = window.setInterval(() => setNowMs(Date.now()), everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
