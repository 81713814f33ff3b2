import type { DialogueLine } from '@waybill/contracts/session-facts.js';
import type { Transport } from '../transport.js';

/** What was said on the control connection by one side, by us unless told, oldest first. */
export function said(transport: Transport, by: DialogueLine['from'] = 'us'): string[] {
  return transport
    .record()
    .dialogue.filter(({ from }) => from === by)
    .map(({ text }) => text);
}
