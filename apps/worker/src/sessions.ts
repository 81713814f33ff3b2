/** The two sessions of a run: opened when first needed, opened again when one cannot be used any more. */
import type { ConnectionFacts, Side, TimelineStep } from '@waybill/contracts/session-facts.js';
import type { Claim } from '@waybill/domain/transfers/claim.js';
import type { EndedAttempt } from '@waybill/domain/transfers/record-attempts.js';
import { TransportError } from '@waybill/transports/transport-error.js';
import type { SessionRecord, Transport } from '@waybill/transports/transport.js';
import { openSide } from './open-side.js';
import type { Worker } from './worker.js';

/** What an attempt keeps of both sides. */
export type Evidence = Pick<EndedAttempt, 'timeline' | 'connections' | 'dialogue'>;

export const NO_EVIDENCE: Evidence = { timeline: [], connections: [], dialogue: [] };

/** Of one attempt, which had its sessions for two times. */
export function joinEvidence(earlier: Evidence, later: Evidence): Evidence {
  return {
    connections: newestOfEachSide([...earlier.connections, ...later.connections], hasMoved),
    // What opened a session is told each time.
    timeline: inOrder([...new Set([...earlier.timeline, ...later.timeline])]),
    dialogue: [...earlier.dialogue, ...later.dialogue],
  };
}

export interface Sessions {
  /** @param slotWaitMs as in `OpenContext`: how long to wait where all connections of the endpoint are in use */
  open(side: Side, slotWaitMs?: number): Promise<Transport>;
  /** Another session on the target, for whoever closes it. */
  reopenTarget(signal: AbortSignal): Promise<Transport>;
  /** What was recorded since the last call, of both sides. */
  drain(): Evidence;
  /** The endpoint that the error came from, where that can be told. */
  endpointAtFault(error: TransportError): string | null;
  close(): Promise<void>;
}

interface OpenSession {
  transport: Transport;
  /** The steps by which it was opened. Every attempt on it keeps them: they show that it was protected. */
  opening: TimelineStep[];
}

export function openSessions(worker: Worker, claim: Claim, signal: AbortSignal): Sessions {
  const endpointIds: Record<Side, string> = {
    source: claim.snapshot.sourceEndpointId,
    target: claim.snapshot.targetEndpointId,
  };
  const sessions = new Map<Side, OpenSession>();
  /** The newest: the run may have gone on after it. */
  let failedToOpen: { side: Side; error: unknown } | null = null;
  /** Why there is none on the target now. */
  let targetFailure: { error: unknown } | null = null;
  let leftBehind: SessionRecord[] = [];
  /** Besides the two; others close them. */
  let reopened: Transport[] = [];
  return {
    async open(side, slotWaitMs) {
      const current = sessions.get(side);
      if (current?.transport.usable && performance.now() < current.transport.expiresAt)
        return current.transport;
      if (current) {
        sessions.delete(side);
        leftBehind.push(current.transport.record({ drain: true }));
        await current.transport.close();
      }
      try {
        const endpointId = endpointIds[side];
        const transport = await openSide(worker, { endpointId, side, signal, slotWaitMs });
        const opening = transport.record().timeline;
        sessions.set(side, { transport, opening });
        if (side === 'target') targetFailure = null;
        return transport;
      } catch (error) {
        failedToOpen = { side, error };
        // What is broken off because the run is over says nothing about the server.
        if (side === 'target' && !signal.aborted) targetFailure = { error };
        if (error instanceof TransportError && error.record) leftBehind.push(error.record);
        throw error;
      }
    },

    async reopenTarget(cleanUp) {
      // Who has just refused one, or not answered, is not asked once more for every file that waits for it.
      if (targetFailure !== null) throw targetFailure.error;
      const current = sessions.get('target');
      // The server may count it until it is closed, and the endpoint may allow one only.
      if (current?.transport.usable === false) await current.transport.close();
      try {
        const asked = { endpointId: endpointIds.target, side: 'target', signal: cleanUp } as const;
        const transport = await openSide(worker, asked);
        reopened.push(transport);
        return transport;
      } catch (error) {
        targetFailure = { error };
        throw error;
      }
    },

    drain() {
      const records = [...leftBehind, ...reopened.map((one) => one.record({ drain: true }))];
      leftBehind = [];
      reopened = reopened.filter(({ usable }) => usable);
      for (const session of sessions.values()) {
        const record = session.transport.record({ drain: true });
        // The first attempt finds them in the record too.
        const steps = new Set([...session.opening, ...record.timeline]);
        records.push({ ...record, timeline: [...steps] });
      }
      return evidenceOf(records);
    },

    endpointAtFault(error) {
      if (failedToOpen !== null && [error, error.cause].includes(failedToOpen.error))
        return endpointIds[failedToOpen.side];
      const broken = [...sessions].filter(([, { transport }]) => !transport.usable).map(([side]) => side);
      // A folder of ours is never to blame for what only a server can do.
      const servers = [...sessions]
        .filter(([, { transport }]) => transport.record().connection.protocol !== 'local_folder')
        .map(([side]) => side);
      const [side, ...others] = broken.length === 1 ? broken : error.kind === 'local_io' ? [] : servers;
      return side === undefined || others.length > 0 ? null : endpointIds[side];
    },

    async close() {
      await Promise.all([...sessions.values()].map(({ transport }) => transport.close()));
    },
  };
}

/** As they began; those that began in one millisecond stay as they are. */
export function inOrder(steps: TimelineStep[]): TimelineStep[] {
  return steps.toSorted((a, b) => compareInstants(a.startedAt, b.startedAt));
}

/** Of instants as `toISOString` writes them, whose order is that of their characters. */
function compareInstants(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Of a session that was replaced only its newest connection is told. */
function newestOfEachSide(
  connections: ConnectionFacts[],
  isPreferred: (connection: ConnectionFacts) => boolean = () => true,
): ConnectionFacts[] {
  const found = new Map<Side, ConnectionFacts>();
  for (const one of connections) if (isPreferred(one) || !found.has(one.side)) found.set(one.side, one);
  return [...found.values()];
}

/** The session that has moved the bytes is told of, and not one that has only named them. */
function hasMoved({ dataMode }: ConnectionFacts): boolean {
  return dataMode !== null;
}

function evidenceOf(records: SessionRecord[]): Evidence {
  return {
    connections: newestOfEachSide(records.map(({ connection }) => connection)),
    timeline: inOrder(records.flatMap(({ timeline }) => timeline)),
    dialogue: records
      .flatMap(({ dialogue, connection }) => dialogue.map((line) => ({ ...line, side: connection.side })))
      .toSorted((a, b) => compareInstants(a.at, b.at)),
  };
}
