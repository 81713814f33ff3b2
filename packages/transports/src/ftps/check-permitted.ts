/** The second fence before what an endpoint may do under an exception only; the worker has asked before. */
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
  const deviations: Record<Deviation, boolean> = {
    plain_ftp: protocol === 'ftp',
    clear_data: protocol !== 'ftp' && settings.dataProtection === 'clear',
    no_verification: settings.verification === 'none' || settings.transferType === 'ascii',
  };
  for (const [deviation, words] of Object.entries(WORDS) as [Deviation, string][]) {
    if (!deviations[deviation] || permitted.includes(deviation)) continue;
    const message =
      `The endpoint asks for ${words}, which works only while an approved exception permits it. ` +
      'Ask an administrator for one, or change the endpoint.';
    throw new TransportError('exception_needed', 'connect', message);
  }
}
