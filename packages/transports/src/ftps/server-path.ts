/** Paths of an endpoint as its server knows them. */
import { joinPath } from '@waybill/contracts/paths.js';
import type { StepName } from '@waybill/contracts/session-facts.js';
import { splitPath } from '../safe-name.js';
import { TransportError } from '../transport-error.js';
import type { FtpsSession } from './ftps-session.js';

/** The path as the server knows it, after the check that it is one. @throws TransportError `name_refused` */
export function serverPath({ endpoint, codec }: FtpsSession, path: string, step: StepName): string {
  const split = splitPath(path);
  if ('why' in split)
    throw new TransportError('name_refused', step, `The path cannot be used: ${split.why}.`);
  const whole = joinPath(endpoint.basePath ?? '/', ...split.segments);
  if (codec.encode(whole) !== null) return whole;
  const { encoding } = endpoint.settings;
  const message =
    `The path cannot be used: it has characters that cannot be said in the character set ${encoding} of the endpoint. ` +
    'Change the name, or the character set if the server speaks another one.';
  throw new TransportError('name_refused', step, message);
}
