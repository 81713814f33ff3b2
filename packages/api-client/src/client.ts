/** The client of the API, with types that are generated from its document. */
import createClient, { type Client, type ClientOptions } from 'openapi-fetch';
import type { components, paths } from './schema.js';

export type ApiClient = Client<paths>;

/** A named shape of the API: `Shape<'Partner'>`. */
export type Shape<Name extends keyof components['schemas']> = components['schemas'][Name];

/**
 * @param options `baseUrl` and, for programs, `headers: { authorization: 'Bearer wbk_…' }`
 */
export function createApiClient(options: ClientOptions = {}): ApiClient {
  return createClient<paths>(options);
}
