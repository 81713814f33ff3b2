/**
 * How many sessions are open on an endpoint at once, counted over everything that this process does on it. Whoever comes
 * first gets the next one that is free. Two transfers that each hold what the other one waits for end by the time-out
 * of one of them, which is tried again later.
 */
import { cancelledAt, TransportError } from './transport-error.js';

interface Queue {
  taken: number;
  waiting: { limit: number; admit: () => void }[];
}

const queues = new Map<string, Queue>();

export interface SlotRequest {
  endpointId: string;
  /** How many there may be, as the endpoint says now. */
  limit: number;
  /** How long to wait for one; 0 not at all. */
  waitMs: number;
  signal: AbortSignal;
}

/**
 * Takes one of the connections of the endpoint.
 * @returns what frees it again; safe to call twice
 * @throws TransportError `server_busy` when none became free in time, `cancelled`
 */
export async function takeSlot(request: SlotRequest): Promise<() => void> {
  const { endpointId, limit, waitMs, signal } = request;
  if (signal.aborted) throw cancelledAt('connect');
  const queue = queues.get(endpointId) ?? { taken: 0, waiting: [] };
  queues.set(endpointId, queue);
  if (queue.taken >= limit || queue.waiting.length > 0) await waitInLine(queue, { limit, waitMs, signal });
  else queue.taken += 1;
  let isFree = false;
  return () => {
    if (isFree) return;
    isFree = true;
    queue.taken -= 1;
    admitNext(queue);
    if (queue.taken === 0 && queue.waiting.length === 0) queues.delete(endpointId);
  };
}

function admitNext(queue: Queue): void {
  for (let next = queue.waiting[0]; next && queue.taken < next.limit; next = queue.waiting[0]) {
    queue.waiting.shift();
    queue.taken += 1;
    next.admit();
  }
}

function waitInLine(queue: Queue, { limit, waitMs, signal }: Omit<SlotRequest, 'endpointId'>): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error: TransportError | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (error === null) return resolve();
      queue.waiting = queue.waiting.filter((one) => one !== place);
      // Those behind may have been held up by this one's lower limit.
      admitNext(queue);
      reject(error);
    };
    const onAbort = (): void => settle(cancelledAt('connect'));
    const place = { limit, admit: () => settle(null) };
    const timer = setTimeout(() => settle(allTaken(limit, waitMs)), waitMs);
    signal.addEventListener('abort', onAbort, { once: true });
    queue.waiting.push(place);
  });
}

function allTaken(limit: number, waitMs: number): TransportError {
  const all = limit === 1 ? 'The one connection' : `All ${limit} connections`;
  const waited = waitMs === 0 ? '' : `, and none became free within ${Math.round(waitMs / 1000)} s`;
  const message =
    `${all} that the endpoint allows at once ${limit === 1 ? 'is' : 'are'} in use${waited}. If the partner allows ` +
    'more, raise the number at the endpoint; a route from a server to itself needs two.';
  return new TransportError('server_busy', 'connect', message);
}
