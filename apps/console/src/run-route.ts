import { client, refresh } from './api.js';

/** A key that no other request uses; works where `crypto.randomUUID` is not to be had (plain HTTP). */
function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Starts a transfer of a route by hand; gives its id. */
export async function runRoute(routeId: string): Promise<string> {
  const { data } = await client.POST('/api/v1/transfers', {
    params: { header: { 'Idempotency-Key': newIdempotencyKey() } },
    body: { routeId },
  });
  await refresh('/api/v1/overview', '/api/v1/transfers', '/api/v1/routes');
  if (data === undefined) throw new Error('The answer was empty');
  return data.id;
}
