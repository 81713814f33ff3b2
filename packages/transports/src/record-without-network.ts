import type { Side } from '@waybill/contracts/session-facts.js';
import type { Timeline } from './timeline.js';
import type { SessionRecord } from './transport.js';

/** The record of a session that has no peer: its steps, and nothing that was said. */
export function recordWithoutNetwork(side: Side, timeline: Timeline): SessionRecord {
  return {
    connection: {
      side,
      protocol: 'local_folder',
      address: null,
      serverName: null,
      greeting: null,
      control: null,
      data: null,
    },
    timeline: timeline.steps(),
    dialogue: [],
  };
}
