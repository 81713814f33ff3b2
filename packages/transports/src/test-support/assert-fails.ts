import assert from 'node:assert/strict';
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import { TransportError } from '../transport-error.js';

/** The work must fail with this kind. */
export async function assertFails(work: Promise<unknown>, kind: FailureKind): Promise<TransportError> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof TransportError, `not a TransportError: ${String(error)}`);
    assert.equal(error.kind, kind, error.message);
    return error;
  }
  throw new assert.AssertionError({ message: `It should have failed with ${kind}.` });
}
