/**
 * What happens now, by server-sent events: they update what is already on the screen. Where the stream cannot be
 * had, the pages ask again at short intervals; with it, at long ones.
 */
import type { LiveEvent } from '@waybill/contracts/live.js';
import type { Overview } from '@waybill/contracts/overview.js';
import type { Transfer, TransferFile, TransferSummary } from '@waybill/contracts/transfers.js';
import { useEffect, useSyncExternalStore } from 'react';
import { queryClient, refresh } from './api.js';

/**
 * A rate that was not heard again for that long is none any more: what ran may stand still. Where bytes go slowly, they
 * are told of only once in several seconds; there twice the time between the last two tellings counts.
 */
const RATE_HOLDS_MS = { least: 3000, most: 10_000 };

const state = { connected: false, rates: new Map<string, { bytesPerSecond: number | null; at: number }>() };
const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};
const tell = () => {
  for (const listener of listeners) listener();
};

/** What events tell of, or that something of it is new. */
const TOLD_OF = ['overview', 'transfers', 'routes', 'endpoints', 'endpoint-tests'].map(
  (name) => `/api/v1/${name}`,
);

const REOPEN_MS = 5000;
let reopen = 0;
let source: EventSource | null = null;
let focus: string | null = null;
let wasCut = false;

type TransferEvent = Extract<LiveEvent, { kind: 'transfer' }>;
interface OnePage<Item> {
  items: Item[];
}
interface Pages<Item> {
  pages: OnePage<Item>[];
}
/** A list in the cache: read page by page, or just its first rows. */
type Listed<Item> = Pages<Item> | OnePage<Item>;
interface KeyParams {
  params?: { path?: { id?: string } };
}

const due = new Set<string>();
/** Reads paths again, each at most once a second. */
function refreshSoon(path: string): void {
  if (due.has(path)) return;
  due.add(path);
  window.setTimeout(() => {
    due.delete(path);
    void refresh(path);
  }, 1000);
}

const patched = <Item extends TransferSummary>(item: Item, event: TransferEvent): Item =>
  item.id !== event.transferId
    ? item
    : {
        ...item,
        state: event.state,
        movedBytes: event.movedBytes,
        totalBytes: event.totalBytes,
        deliveredCount: event.deliveredCount,
        fileCount: event.fileCount,
      };

/** No file of a transfer that was put back is on its way any more. */
function putBack(transfer: Transfer, { state: next }: TransferEvent): Transfer {
  const { moving = 0, planned = 0, ...rest } = transfer.fileStates;
  if (next !== 'queued' || moving === 0) return transfer;
  return { ...transfer, fileStates: { ...rest, planned: planned + moving } };
}

const rowsIn = <Item>(list: Listed<Item>): Item[] =>
  'pages' in list ? list.pages.flatMap(({ items }) => items) : list.items;

const mapRows = <Item>(list: Listed<Item>, change: (item: Item) => Item): Listed<Item> =>
  'pages' in list
    ? { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map(change) })) }
    : { ...list, items: list.items.map(change) };

function applyTransfer(event: TransferEvent): void {
  let before: TransferSummary | undefined;
  for (const query of queryClient.getQueryCache().getAll()) {
    const [, path, init] = query.queryKey as [string, string, KeyParams | undefined];
    if (query.state.data === undefined) continue;
    if (path === '/api/v1/transfers') {
      const list = query.state.data as Listed<TransferSummary>;
      before ??= rowsIn(list).find(({ id }) => id === event.transferId);
      queryClient.setQueryData(
        query.queryKey,
        mapRows(list, (item) => patched(item, event)),
      );
    } else if (path === '/api/v1/overview') {
      const overview = query.state.data as Overview;
      before ??= overview.running.find(({ id }) => id === event.transferId);
      const running = overview.running.map((item) => patched(item, event));
      queryClient.setQueryData(query.queryKey, { ...overview, running });
    } else if (init?.params?.path?.id === event.transferId) {
      if (path === '/api/v1/transfers/{id}') {
        const one = query.state.data as Transfer;
        before = one;
        queryClient.setQueryData(query.queryKey, patched(putBack(one, event), event));
        // What else belongs to the new state is not in the event.
        if (one.state !== event.state) void queryClient.invalidateQueries({ queryKey: query.queryKey });
      } else if (path === '/api/v1/transfers/{id}/files' && event.file !== null) {
        const { file } = event;
        const change = (item: TransferFile) => (item.id === file.id ? { ...item, ...file } : item);
        queryClient.setQueryData(query.queryKey, mapRows(query.state.data as Listed<TransferFile>, change));
      }
    }
  }
  if (before?.state !== event.state) {
    refreshSoon('/api/v1/overview');
    // Their last result, and whether something runs.
    refreshSoon('/api/v1/routes');
  }
  // It waits for an endpoint that was put on hold; a list may have known that before.
  if (event.state === 'held') refreshSoon('/api/v1/endpoints');
  const moved = before?.state !== event.state || before.deliveredCount !== event.deliveredCount;
  if (moved) refreshSoon('/api/v1/transfers');
  const heard = { bytesPerSecond: event.bytesPerSecond, at: performance.now() };
  const sinceMs = heard.at - (state.rates.get(event.transferId)?.at ?? heard.at);
  state.rates.set(event.transferId, heard);
  window.setTimeout(
    () => {
      if (state.rates.get(event.transferId) !== heard) return;
      if (event.state === 'running') state.rates.set(event.transferId, { ...heard, bytesPerSecond: null });
      else state.rates.delete(event.transferId);
      tell();
    },
    Math.min(RATE_HOLDS_MS.most, Math.max(RATE_HOLDS_MS.least, 2 * sinceMs)),
  );
  tell();
}

function receive(message: MessageEvent<string>): void {
  const event = JSON.parse(message.data) as LiveEvent;
  if (event.kind === 'transfer') applyTransfer(event);
  else void refresh(event.kind === 'pause' ? '/api/v1/overview' : '/api/v1/endpoint-tests');
}

function setConnected(connected: boolean): void {
  if (state.connected === connected) return;
  state.connected = connected;
  tell();
}

function close(): void {
  window.clearTimeout(reopen);
  source?.close();
  source = null;
  setConnected(false);
}

/** A first answer that is on its way is not asked for once more, and may be older than what the stream would have told. */
function askLateOnesAgain(): void {
  for (const { queryKey, promise, state } of queryClient
    .getQueryCache()
    .findAll({ fetchStatus: 'fetching' })) {
    if (state.data !== undefined) continue;
    const again = () => void queryClient.invalidateQueries({ queryKey, exact: true });
    // Once it is in the cache, where it goes when this is told.
    const soon = () => window.setTimeout(again);
    promise?.then(soon, soon);
  }
}

function open(): void {
  close();
  if (document.hidden) return;
  source = new EventSource(`/api/v1/live${focus === null ? '' : `?transferId=${focus}`}`);
  source.onopen = () => {
    // What happened while nothing was heard is not told again; after a cut it may be anything.
    if (wasCut) void queryClient.invalidateQueries();
    else void refresh(...TOLD_OF);
    askLateOnesAgain();
    wasCut = false;
    setConnected(true);
  };
  source.onerror = () => {
    // Whether it was only the stream, or all of Waybill, this answer tells.
    if (!wasCut) refreshSoon('/api/v1/overview');
    wasCut = true;
    setConnected(false);
    // The browser connects again by itself, but not after an answer that was no stream.
    if (source?.readyState === EventSource.CLOSED) reopen = window.setTimeout(open, REOPEN_MS);
  };
  source.onmessage = receive;
}

/** Keeps the stream open while the console is on the screen: a browser grants an origin few connections. */
export function useLiveStream(): void {
  useEffect(() => {
    const onVisibility = () => {
      if (document.hidden) close();
      else open();
    };
    open();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      close();
    };
  }, []);
}

/** While a page is about one transfer, the stream is too, and says what each of its files does. */
export function useLiveFocus(transferId: string): void {
  useEffect(() => {
    focus = transferId;
    open();
    return () => {
      focus = null;
      open();
    };
  }, [transferId]);
}

/** How often to ask again: `ms` without the stream, ten times as long with it. */
export function usePollMs(ms: number): number {
  const connected = useSyncExternalStore(subscribe, () => state.connected);
  return connected ? ms * 10 : ms;
}

/** Bytes a second of a running transfer, as last heard; null where nothing was said. */
export const useRate = (transferId: string): number | null =>
  useSyncExternalStore(subscribe, () => state.rates.get(transferId)?.bytesPerSecond ?? null);
