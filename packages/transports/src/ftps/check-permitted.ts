/** The second fence before what an endpoint may do under an exception only; the worker has asked before. */
import { deviationsOf } from '@waybill/contracts/deviations.js';
import type { Deviation } from '@waybill/contracts/exceptions.js';
import type { FtpsEndpoint } from '../endpoint.js';
import { TransportError } from '../transport-error.js';

const WORDS: Record<Deviation, string> = {
  plain_ftp: 'FTP without encryption',
  clear_data: 'data connections without encryption (PROT C)',
  no_verification: 'writing files without comparing them afterwards',
};

/** @throws TransportError `exception_needed` where the endpoint deviates without an exception in force */
export function checkPermitted({ protocol, settings, permitted = [] }: FtpsEndpoint): void {
  const lacking = deviationsOf(protocol, settings).find((deviation) => !permitted.includes(deviation));
  if (lacking === undefined) return;
  const message =
    `The endpoint asks for ${WORDS[lacking]}, which works only while an approved exception permits it. ` +
    'Ask an administrator for one, or change the endpoint.';
  throw new TransportError('exception_needed', 'connect', message);
}
