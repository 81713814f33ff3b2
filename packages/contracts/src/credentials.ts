import { z } from 'zod';
import { pageOf, pageQuery } from './paging.js';
import { UNPRINTABLE, host, id, instant, name } from './text.js';
import { trustPolicy } from './trust.js';

/** Goes into `USER` and `PASS`: no line break can be smuggled in (RFC 959 §5.3.1, command injection). */
export const username = z
  .string()
  .min(1, 'must not be empty')
  .max(200)
  .refine((text) => !UNPRINTABLE.test(text), 'must not contain control characters');
export const password = z
  .string()
  .min(1, 'must not be empty')
  .max(500)
  .refine((text) => !/[\u0000\r\n]/.test(text), 'must not contain line breaks or NUL');

export const credentialCreate = z
  .object({
    name,
    partnerId: id.nullable().optional(),
    username,
    password: password.describe('Sealed on arrival, never returned.'),
    sealFor: z
      .object({ host, trust: trustPolicy })
      .describe('The server that the password is for; it can be opened for no other.'),
  })
  .meta({ id: 'CredentialCreate' });
export type CredentialCreate = z.infer<typeof credentialCreate>;

export const credentialUpdate = z
  .object({
    name: name.optional(),
    username: username.optional(),
    password: password.optional().describe('A new password; sealed anew for every server it was sealed for.'),
  })
  .meta({ id: 'CredentialUpdate' });
export type CredentialUpdate = z.infer<typeof credentialUpdate>;

export const credential = z
  .object({
    id,
    name: z.string(),
    partnerId: id.nullable(),
    username: z.string(),
    hasPassword: z.boolean(),
    sealedFor: z.array(z.string()).describe('The hosts that the password is sealed for.'),
    endpointCount: z.number().int(),
    rotatedAt: instant,
    createdAt: instant,
  })
  .meta({ id: 'Credential' });
export type Credential = z.infer<typeof credential>;
export const credentialPage = pageOf(credential, 'CredentialPage');
export const credentialQuery = pageQuery.extend({
  search: z.string().trim().max(100).optional(),
  partnerId: id.optional(),
});
export type CredentialQuery = z.infer<typeof credentialQuery>;
