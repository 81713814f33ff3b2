import { describe, expect, test } from '@jest/globals';
import { transferFileState, transferState } from '@waybill/contracts/transfers.js';
import {
  FILE_TRANSITIONS,
  OPEN_STATES,
  TRANSFER_TRANSITIONS,
  fileStatesBefore,
  isOver,
  statesBefore,
} from './transfer-state.js';

describe('the table of transfer states', () => {
  test('names every state of the contract, and no other', () => {
    expect(Object.keys(TRANSFER_TRANSITIONS).sort()).toEqual([...transferState.options].sort());
    expect(Object.keys(FILE_TRANSITIONS).sort()).toEqual([...transferFileState.options].sort());
  });

  test('has no way out of an end, and a way to an end from everywhere else', () => {
    for (const state of transferState.options) {
      const ends = TRANSFER_TRANSITIONS[state].includes('cancelled');
      expect({ state, ends }).toEqual({ state, ends: !isOver(state) });
    }
    expect(transferState.options.filter((state) => !isOver(state)).sort()).toEqual([...OPEN_STATES].sort());
  });

  test('lets only a running transfer succeed or fail', () => {
    for (const end of ['succeeded', 'partial', 'failed', 'waiting'] as const)
      expect(statesBefore(end)).toEqual(['running']);
    expect(statesBefore('running').sort()).toEqual(['queued', 'waiting']);
  });

  test('delivers a file only from moving, and never moves one again that is delivered or uncertain', () => {
    expect(fileStatesBefore('delivered')).toEqual(['moving']);
    expect(fileStatesBefore('uncertain')).toEqual(['moving']);
    expect(fileStatesBefore('moving')).toEqual(['planned']);
    expect(fileStatesBefore('planned')).toEqual(['moving']);
  });
});
