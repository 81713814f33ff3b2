/** The client of the API, with types that are generated from its document. */
import createClient, { type Client, type ClientOptions } from 'openapi-fetch';
import type { paths } from './schema.js';

export type ApiClient = Client<paths>;

/**
 * @param options `baseUrl` and, for programs, `headers: { authorization: 'Bearer wbk_…' }`
 */
export function createApiClient(options: ClientOptions = {}): ApiClient {
  return createClient<paths>(options);
}
