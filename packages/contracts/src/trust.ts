import { z } from 'zod';
import { host, id } from './text.js';

export const trustMode = z.enum(['system_cas', 'chosen_cas', 'pinned_keys']);
export type TrustMode = z.infer<typeof trustMode>;

/** What an endpoint accepts as the peer's identity. There is no way to accept everything. */
export const trustPolicy = z.object({
  mode: trustMode.describe(
    'system_cas: the public CAs. chosen_cas: only the listed CA certificates. pinned_keys: only the listed keys. ' +
      'In every mode the certificate must be in its dates, and for the host or the serverName.',
  ),
  certificateIds: z
    .array(id)
    .max(20)
    .optional()
    .describe('The CA certificates or pinned keys; needed for chosen_cas and pinned_keys.'),
  serverName: host
    .nullable()
    .optional()
    .describe('The name that the certificate must show, where it is not the host.'),
});
export type TrustPolicy = z.infer<typeof trustPolicy>;
