/** One open stream of server-sent events (WHATWG HTML §9.2), to one page or program. */
import type { LiveEvent, LiveQuery } from '@waybill/contracts/live.js';
import type { Response } from 'express';
import type { Live } from './live.js';

/** Told to browsers: how long to wait before they connect again. */
const RECONNECT_MS = 2_000;
/** Who reads too slowly to keep this much from piling up is let go, and connects again. */
const MAX_UNREAD_BYTES = 256 * 1024;

export interface Stream {
  live: Live;
  query: LiveQuery;
  /** The user or the API key that reads. */
  actorId: string;
  /** Asked at every heartbeat, and when the access of the reader changes; false ends the stream. */
  mayGoOn: () => Promise<boolean>;
  onEnd: () => void;
}

/** Streams until the reader goes, may not go on, or the API stops. */
export function streamLive(response: Response, stream: Stream): void {
  // The reader went while it was found out who asks; `close` has been told and does not come again.
  if (response.destroyed) return stream.onEnd();
  response.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    // Proxies of the nginx kind would keep events back to send them together.
    'X-Accel-Buffering': 'no',
  });
  response.write(`retry: ${RECONNECT_MS}\n: connected\n\n`);
  const send = (text: string): void => {
    // Ended, and not yet closed: its reader has still to take what was sent.
    if (response.writableEnded) return;
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
    else response.write(text);
  };
  const look = (): void => {
    stream.mayGoOn().then(
      (may) => {
        if (!may && !response.writableEnded) response.end('event: ended\ndata: {}\n\n');
      },
      // The database is away: whether the session stands cannot be told, so the stream does not.
      () => response.end(),
    );
  };
  const leave = stream.live.subscribe({
    hear(event) {
      const fitting = selectEvent(event, stream.query);
      if (fitting !== null) send(`data: ${JSON.stringify(fitting)}\n\n`);
    },
    accessChanged(actorId) {
      if (actorId === stream.actorId) look();
    },
    end: () => response.end(),
  });
  const beat = setInterval(() => {
    // Whoever has not taken the end by now keeps a place that another one could have.
    if (response.writableEnded) return void response.destroy();
    send(': heartbeat\n\n');
    look();
  }, stream.live.heartbeatMs);
  response.on('close', () => {
    clearInterval(beat);
    leave();
    stream.onEnd();
  });
}

/** What of an event a stream gets: every pause, and the files of a transfer only where that transfer was asked for. */
export function selectEvent(event: LiveEvent, query: LiveQuery): LiveEvent | null {
  if (event.kind === 'pause') return event;
  if (event.kind === 'endpoint_test')
    return query.transferId === undefined &&
      (query.endpointTestId === undefined || query.endpointTestId === event.endpointTestId)
      ? event
      : null;
  if (query.transferId !== undefined) return query.transferId === event.transferId ? event : null;
  return query.endpointTestId === undefined ? { ...event, file: null } : null;
}
