/** Sessions on one server whose files are in memory; each is good for nothing any more once it was closed. */
import { openMemory, type MemoryFiles } from '../memory.js';
import { TransportError } from '../transport-error.js';
import type { Transport } from '../transport.js';

/** What one of them does otherwise than memory, the first being number 0. */
export type Otherwise = (memory: Transport, number: number) => Partial<Transport>;

export interface SessionsInMemory {
  open(): Promise<Transport>;
  /** How often each of them was closed, in the order in which they were opened. */
  closed: number[];
}

export function sessionsInMemory(files: MemoryFiles, otherwise: Otherwise): SessionsInMemory {
  const closed: number[] = [];
  const open = async (): Promise<Transport> => {
    const number = closed.push(0) - 1;
    const isOpen = (): boolean => closed[number] === 0;
    const whileOpen =
      <Given extends unknown[], Told>(work: (...given: Given) => Promise<Told>) =>
      async (...given: Given): Promise<Told> => {
        if (isOpen()) return work(...given);
        throw new TransportError('connection_lost', 'transfer', 'The session was closed.');
      };
    const memory = openMemory(files, 'target');
    const changes = otherwise(memory, number);
    const session: Transport = { ...memory, isLocal: false, ...changes };
    return {
      ...session,
      get usable() {
        return isOpen() && changes.usable !== false;
      },
      stat: whileOpen(session.stat),
      read: whileOpen(session.read),
      write: whileOpen(session.write),
      hashByServer: whileOpen(session.hashByServer),
      rename: whileOpen(session.rename),
      remove: whileOpen(session.remove),
      close: async () => void (closed[number]! += 1),
    };
  };
  return { open, closed };
}

/** A session that is lost when all was written, before the final reply to it. */
export function losesReply(memory: Transport): Partial<Transport> {
  let isLost = false;
  return {
    get usable() {
      return !isLost;
    },
    write: async (...given) => {
      await memory.write(...given);
      isLost = true;
      throw new TransportError('connection_lost', 'confirm', 'The connection was lost.');
    },
  };
}
