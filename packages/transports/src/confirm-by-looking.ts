/**
 * All bytes of a file went to the target and its final reply was lost: what is there is compared through a fresh
 * session, so that a file that has arrived is not sent a second time.
 */
import { countOf } from '@waybill/contracts/count-of.js';
import { TransportError } from './transport-error.js';
import { mayBeOlder } from './same-folder.js';
import type { Entry, Transport } from './transport.js';
import { readBack, type ReadBytes, type Verified, type VerifyRequest, verifyTarget } from './verify-file.js';

/** A larger file is not read back unless the endpoint asks for that. */
const READ_BACK_UP_TO_BYTES = 64 * 1024 * 1024;
/** A server may still be writing what it has of the broken session. */
const LOOKS = 4;
const PAUSE_MS = 500;

export type LookRequest = Omit<VerifyRequest, 'target'> & {
  reopenTarget: (signal: AbortSignal) => Promise<Transport>;
};

export interface SentBytes extends ReadBytes {
  /** What had that name before it was written under it. */
  older: Entry | null;
}

export interface Look {
  /** The fresh session, to go on with and to close. */
  target: Transport;
  verified: Verified;
}

/** @throws TransportError where it is not all there, or the target lets nothing be compared */
export async function confirmByLooking(
  request: LookRequest,
  read: SentBytes,
  note: (detail: string) => void,
): Promise<Look> {
  const target = await request.reopenTarget(request.signal);
  try {
    let verified = await lookSeveralTimes({ ...request, target }, read);
    if (verified.verification === 'none') throw notComparable();
    const isSmall = read.bytes <= READ_BACK_UP_TO_BYTES;
    if (verified.verification === 'size' && target.policy.verification === 'best' && isSmall)
      verified = (await tryReadBack({ ...request, target }, read)) ?? verified;
    const { verification, verificationAlgorithm: algorithm } = verified;
    // Some servers keep the older file until they have all of the new one.
    if (verification === 'size' && mayBeOlder(read.older, read.bytes)) throw notToldFromOlder();
    const how =
      verification === 'server_hash'
        ? `${algorithm} confirmed by the target`
        : verification === 'read_back'
          ? 'read back with the same SHA-256'
          : 'compared by the size';
    note(`the final reply was lost; all ${countOf(read.bytes, 'byte')} are there, ${how}`);
    return { target, verified };
  } catch (error) {
    await target.close();
    throw error;
  }
}

async function lookSeveralTimes(request: VerifyRequest, read: ReadBytes): Promise<Verified> {
  for (let look = 1; ; look += 1) {
    try {
      return await verifyTarget(request, read);
    } catch (error) {
      const mayGrow = error instanceof TransportError && error.kind === 'size_mismatch';
      if (!mayGrow || look === LOOKS || request.signal.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

async function tryReadBack(request: VerifyRequest, read: ReadBytes): Promise<Verified | null> {
  try {
    await readBack(request, read);
    return { verification: 'read_back', verificationAlgorithm: 'SHA-256' };
  } catch (error) {
    if (error instanceof TransportError && error.kind === 'verification_unavailable') return null;
    throw error;
  }
}

function notToldFromOlder(): TransportError {
  const message =
    'The final reply was lost, and the older file had the same size, which is all that can be compared.';
  return new TransportError('verification_unavailable', 'confirm', message);
}

function notComparable(): TransportError {
  const message = 'The final reply was lost, and by the settings of the endpoint nothing can be compared.';
  return new TransportError('verification_unavailable', 'confirm', message);
}
