/**
 * What every transport can do, and nothing more: an open session on one endpoint that lists, reads, writes,
 * renames and removes. Paths are absolute within the endpoint's root and use `/`. Every failure is a
 * `TransportError`. A session serves one file at a time.
 */
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import type { ConnectionFacts, DialogueLine, TimelineStep } from '@waybill/contracts/session-facts.js';
import type { HashAlgorithm } from './hash-algorithms.js';

/** One entry of a listing, already checked: the name is a single, safe path segment. */
export interface Entry {
  name: string;
  path: string;
  /** What a link leads to is not looked at. */
  kind: 'file' | 'folder' | 'link' | 'other';
  /** Bytes; null where the server does not say. */
  sizeBytes: number | null;
  /** Null where the server gives no reliable instant (plain LIST). */
  modifiedAt: Date | null;
}

export interface Listing {
  entries: Entry[];
  /** Entries that were left out because their name cannot be trusted, as shown to people; at most 100. */
  refused: { shownAs: string; why: string }[];
}

/** `position` is that of the chunk's first byte in the file. */
export type Sink = (chunk: Buffer, position: number) => Promise<void> | void;

export interface CopyOptions {
  /** Cancels; the signal that the session was opened with does too. */
  signal: AbortSignal;
  /** The byte to begin at; 0 where not given. */
  startAt?: number;
}

/** What was seen of a file. */
export type Seen = Pick<Entry, 'sizeBytes' | 'modifiedAt'>;

export interface ReadOptions extends CopyOptions {
  /** The file as the caller has seen it: where it is another one by now, nothing of it is read. */
  expected?: Seen;
  /** The hash of this file with this algorithm, which is asked for next: the server may be asked for it already. */
  hashWith?: HashAlgorithm | null;
  /** The same of how this other file is, which is to be read next. */
  nextPath?: string | null | undefined;
}

export interface ReadResult {
  /** Bytes that came from the other side, from `startedAt` on; `sink` counts for itself what it took. */
  bytes: number;
  /** The byte that it began at: `startAt`, or 0 where the other side can only begin there. */
  startedAt: number;
  /** Whether the file was gone when it had been read: some servers give each file only once. */
  gone: boolean;
}

/** Hashes of a file that is written from its first byte, for a transport that computes them itself. */
export interface HashesAlong {
  readonly algorithms: readonly HashAlgorithm[];
  /** Of the file: its last chunk is only done with when all are written. */
  readonly sizeBytes: number;
  /** In lower-case hex; null until all is written. What has still to be flushed may fail. */
  digests: ReadonlyMap<HashAlgorithm, string> | null;
}

export interface WriteOptions extends CopyOptions {
  /** Only where the transport `hashesWhatItWrites`. */
  hashesAlong?: HashesAlong | undefined;
}

export interface WriteResult {
  /** Bytes that were handed to the other side and confirmed by it. */
  bytes: number;
}

/** What of a session is kept as evidence. A snapshot; call it again for newer facts. */
export interface SessionRecord {
  connection: ConnectionFacts;
  timeline: TimelineStep[];
  dialogue: DialogueLine[];
}

export type IfExists = 'replace' | 'fail';

/** What the endpoint's settings ask for when files are moved; of a local folder the defaults. */
export type MovePolicy = Pick<
  FtpsSettings,
  | 'verification'
  | 'resume'
  | 'temporaryName'
  | 'temporaryPrefix'
  | 'temporarySuffix'
  | 'temporaryFolder'
  | 'transferType'
  | 'whenUncertain'
  | 'keepModifiedTime'
>;

export interface HashRequest {
  algorithm: HashAlgorithm;
  /** Of so many bytes from the beginning; of the whole file where not given. */
  firstBytes?: number;
}

export interface Transport {
  list(folder: string): Promise<Listing>;
  /**
   * The file at the path, or null where there is none. Where only its size is needed, the time may be left out; with
   * `size_before_next` another file follows, and the server may be asked for a port for it already.
   */
  stat(path: string, needed?: 'size' | 'size_before_next'): Promise<Entry | null>;
  /**
   * Streams the file into `sink` (awaiting backpressure) and resolves only when both channels said that all
   * was sent and the count equals the size known before and after (a file that is gone afterwards has no other).
   * Rejects with `truncated`, `size_mismatch` or `source_changed` otherwise; with the last also before `sink` gets
   * anything, where the file is not the one that was expected. `sink` gets every byte in order, in
   * chunks of at most 1 MiB; a chunk may be overwritten once the promise that `sink` returned for it has settled.
   * Where the other side cannot begin at `startAt`, `sink` gets the file from its beginning.
   */
  read(path: string, sink: Sink, options: ReadOptions): Promise<ReadResult>;
  /**
   * Streams `source` into a file at the path (created or emptied), flushed to disk where that is ours.
   * Resolves only when the other side has confirmed. A chunk is done with when the next one is asked for.
   * On failure the partial file may be left; the caller removes it.
   * With `startAt` the file has to be there with exactly so many bytes, and `source` is what follows them.
   * @throws CannotResumeError before `source` is asked for anything, where that is not so or cannot be done
   */
  write(path: string, source: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<WriteResult>;
  /**
   * The strongest hash that the other side computes, SHA-256 before all others as we always have that; null where
   * it computes none (always for a local folder: what we compute ourselves is no second opinion).
   */
  readonly hashAlgorithm: HashAlgorithm | null;
  /** The hash in lower-case hex as the other side computes it, or null where it cannot or will not. */
  hashByServer(path: string, request: HashRequest): Promise<string | null>;
  /** Gives the file this time; says whether the other side did. */
  setModifiedAt(path: string, at: Date): Promise<boolean>;
  /**
   * With `replace`, replaces an existing file where the other side allows it. With `fail`, replaces none where the
   * other side can promise that: a local folder does, FTP has no word for it, so there look first.
   */
  rename(from: string, to: string, ifExists: IfExists): Promise<void>;
  /** Removes a file; says whether it did, as a file that is not there is not an error. */
  remove(path: string): Promise<boolean>;
  /** What was recorded since the session was opened or since the last call with `drain`. */
  record(options?: { drain?: boolean }): SessionRecord;
  readonly policy: MovePolicy;
  /** Whether the files are on disks of our own: reading them again costs little, and breaking that off nothing. */
  readonly isLocal: boolean;
  /** Whether it can hash what is written to it: what is written to our own disks is, beside the event loop. */
  readonly hashesWhatItWrites?: true;
  /** Whether the session can take another command; false after any failure that left it ambiguous. */
  readonly usable: boolean;
  /**
   * From when on it is to be replaced by another one before the next file, in the time of `performance.now()`: servers
   * that insist on resumed TLS sessions forget them (OpenSSL's default is 300 s), and then refuse data connections,
   * some after emptying the file that was to be written. Infinity for a local folder.
   */
  readonly expiresAt: number;
  /** Says goodbye where possible and frees everything. Never throws, safe to call twice. */
  close(): Promise<void>;
}
