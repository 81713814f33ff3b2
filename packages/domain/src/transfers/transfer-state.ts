/**
 * The one table of what may follow what. A change of state is a compare-and-swap on the states that the table
 * allows before it (`statesBefore`); add to the table only with a decision in docs/adr.
 */
import type { TransferFileState, TransferState } from '@waybill/contracts/transfers.js';

/**
 * Transfer.
 *
 *   queued     asked for, no worker has it yet
 *   running    a worker has it, under a lease; a lost lease is taken over without leaving the state
 *   waiting    a try failed, the next is due at `nextTryAt`
 *   held       a person must act first: its endpoint or route is on hold
 *   succeeded, partial, failed, cancelled: over
 */
export const TRANSFER_TRANSITIONS: Record<TransferState, readonly TransferState[]> = {
  queued: ['running', 'held', 'cancelled'],
  running: ['queued', 'waiting', 'held', 'succeeded', 'partial', 'failed', 'cancelled'],
  waiting: ['running', 'held', 'cancelled'],
  held: ['queued', 'cancelled'],
  succeeded: [],
  partial: [],
  failed: [],
  cancelled: [],
};

/**
 * Transfer file.
 *
 *   planned    will be moved
 *   moving     its temporary name is recorded, so bytes may be at the target; goes back to planned once it is
 *              known that they are not there (any more)
 *   uncertain  it may have arrived, and nobody can tell from outside; never sent again by itself
 */
export const FILE_TRANSITIONS: Record<TransferFileState, readonly TransferFileState[]> = {
  planned: ['moving', 'skipped', 'failed'],
  moving: ['planned', 'delivered', 'failed', 'skipped', 'uncertain'],
  delivered: [],
  failed: [],
  skipped: [],
  uncertain: [],
};

export const OPEN_STATES = ['queued', 'running', 'waiting', 'held'] as const satisfies TransferState[];

/** Whether nothing more will happen to the transfer by itself. */
export function isOver(state: TransferState): boolean {
  return TRANSFER_TRANSITIONS[state].length === 0;
}

/** The states from which a transfer may come to `state`. */
export function statesBefore(state: TransferState): TransferState[] {
  return before(TRANSFER_TRANSITIONS, state);
}

/** The states from which a transfer file may come to `state`. */
export function fileStatesBefore(state: TransferFileState): TransferFileState[] {
  return before(FILE_TRANSITIONS, state);
}

function before<State extends string>(table: Record<State, readonly State[]>, state: State): State[] {
  return (Object.keys(table) as State[]).filter((from) => table[from].includes(state));
}
