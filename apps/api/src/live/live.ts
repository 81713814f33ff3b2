/** Hears what Postgres announces, on one connection of its own, and hands it to the open streams. */
import { type LiveEvent, liveEvent } from '@waybill/contracts/live.js';
import { ACCESS_CHANNEL, LIVE_CHANNEL } from '@waybill/domain/live/notify-live.js';
import pg from 'pg';
import type { Logger } from 'pino';

const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;

export interface Listener {
  hear(event: LiveEvent): void;
  /** The session, the key or the role of this user or API key may have ended: look whether the stream is theirs. */
  accessChanged(actorId: string): void;
  /** Nothing more comes: we stop, or events were lost, so that the page must ask anew. */
  end(): void;
}

export interface Live {
  /** How often a stream shows that it is there, and looks whether it still may be. */
  readonly heartbeatMs: number;
  /** Hands every event to the listener until the returned function is called. */
  subscribe(listener: Listener): () => void;
  /** How many are listening. */
  count(): number;
  close(): Promise<void>;
}

/**
 * Listens from when it answers on, unless the database is away at that time. A connection that breaks is made again,
 * later each time; then every stream is ended, because events were lost meanwhile: a page connects again by itself and
 * reads what it shows anew.
 */
export async function openLive(
  databaseUrl: string,
  log: Logger,
  { heartbeatMs = 15_000 }: { heartbeatMs?: number } = {},
): Promise<Live> {
  const listeners = new Set<Listener>();
  let client: pg.Client | null = null;
  let retry: NodeJS.Timeout | undefined;
  let waitMs = FIRST_RETRY_MS;
  let isClosed = false;
  let hasGap = false;

  const endAll = (): void => {
    for (const listener of listeners) listener.end();
    listeners.clear();
  };

  const connect = async (): Promise<void> => {
    const connection = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'waybill api live',
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    client = connection;
    let isLost = false;
    const lose = (error?: Error): void => {
      if (isLost || isClosed) return;
      isLost = true;
      hasGap = true;
      log.warn({ err: error, retryMs: waitMs }, 'live connection lost');
      retry = setTimeout(() => void connect(), waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS);
      // It is broken already; how it ends no longer matters.
      connection.end().catch(() => undefined);
    };
    connection.on('error', lose);
    connection.on('end', () => lose());
    connection.on('notification', ({ channel, payload = '' }) => {
      if (channel === LIVE_CHANNEL) announce(payload);
      else for (const listener of listeners) listener.accessChanged(payload);
    });
    try {
      await connection.connect();
      await connection.query(`LISTEN ${LIVE_CHANNEL}; LISTEN ${ACCESS_CHANNEL}`);
      waitMs = FIRST_RETRY_MS;
      if (hasGap) endAll();
      hasGap = false;
    } catch (error) {
      lose(error instanceof Error ? error : new Error(String(error)));
    }
  };

  const announce = (payload: string): void => {
    // Anybody who may connect to the database may notify; what is not an event goes no further.
    const event = liveEvent.safeParse(parseJson(payload));
    if (!event.success) return;
    for (const listener of listeners) listener.hear(event.data);
  };

  await connect();
  return {
    heartbeatMs,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    count: () => listeners.size,
    async close() {
      isClosed = true;
      clearTimeout(retry);
      endAll();
      await client?.end();
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
