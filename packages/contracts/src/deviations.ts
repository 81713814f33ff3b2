/** What of a server's fields weakens protection or proof, and so needs an exception. */
import type { ServerProtocol } from './endpoints.js';
import type { Deviation } from './exceptions.js';
import type { FtpsSettings } from './ftps-settings.js';

/** Whether what was written is compared with what was sent: in ASCII the server changes line ends, so nothing can be. */
export function isCompared({
  transferType,
  verification,
}: Pick<FtpsSettings, 'transferType' | 'verification'>): boolean {
  return transferType === 'binary' && verification !== 'none';
}

/** In the order of what weighs most. */
export function deviationsOf(protocol: ServerProtocol, settings: FtpsSettings): Deviation[] {
  const deviations: Deviation[] = [];
  if (protocol === 'ftp') deviations.push('plain_ftp');
  else if (settings.dataProtection === 'clear') deviations.push('clear_data');
  if (!isCompared(settings)) deviations.push('no_verification');
  return deviations;
}
