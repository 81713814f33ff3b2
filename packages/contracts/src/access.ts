import { z } from 'zod';
import { pageOf, pageQuery } from './paging.js';
import { permission, role } from './permissions.js';
import { email, id, instant, name } from './text.js';

export const MIN_PASSWORD_LENGTH = 12;
/** A person's own password (PCI DSS 8.3.6: at least 12 characters). */
export const userPassword = z
  .string()
  .min(MIN_PASSWORD_LENGTH, `must have at least ${MIN_PASSWORD_LENGTH} characters`)
  .max(200);

export const setUp = z
  .object({ token: z.string().min(1).max(200), email, name, password: userPassword })
  .meta({ id: 'SetUp' });
export type SetUp = z.infer<typeof setUp>;
/** Answered while there is no administrator yet; afterwards there is nothing at that address. */
export const setUpState = z.object({ open: z.literal(true) }).meta({ id: 'SetUpState' });

export const signIn = z
  .object({ email: z.string().trim().toLowerCase().min(1).max(254), password: z.string().min(1).max(200) })
  .meta({ id: 'SignIn' });
export type SignIn = z.infer<typeof signIn>;

export const me = z
  .object({
    kind: z.enum(['user', 'api_key']),
    id,
    name: z.string(),
    email: z.string().nullable(),
    role,
    permissions: z.array(permission),
    sessionExpiresAt: instant.nullable(),
  })
  .meta({ id: 'Me' });
export type Me = z.infer<typeof me>;

export const passwordChange = z
  .object({ currentPassword: z.string().min(1).max(200), newPassword: userPassword })
  .meta({ id: 'PasswordChange' });
export type PasswordChange = z.infer<typeof passwordChange>;

export const userCreate = z.object({ email, name, role, password: userPassword }).meta({ id: 'UserCreate' });
export type UserCreate = z.infer<typeof userCreate>;
export const userUpdate = z
  .object({ name, role, disabled: z.boolean() })
  .partial()
  .meta({ id: 'UserUpdate' });
export type UserUpdate = z.infer<typeof userUpdate>;
export const userPasswordReset = z.object({ password: userPassword }).meta({ id: 'UserPasswordReset' });
export type UserPasswordReset = z.infer<typeof userPasswordReset>;

export const user = z
  .object({
    id,
    email: z.string(),
    name: z.string(),
    role,
    lockedUntil: instant.nullable(),
    disabledAt: instant.nullable(),
    lastSignInAt: instant.nullable(),
    createdAt: instant,
  })
  .meta({ id: 'User' });
export type User = z.infer<typeof user>;
export const userPage = pageOf(user, 'UserPage');
export const userQuery = pageQuery.extend({ search: z.string().trim().max(100).optional() });
export type UserQuery = z.infer<typeof userQuery>;

export const apiKeyCreate = z
  .object({ name, role, expiresAt: instant.nullable().optional() })
  .meta({ id: 'ApiKeyCreate' });
export type ApiKeyCreate = z.infer<typeof apiKeyCreate>;
const apiKeyFields = {
  id,
  name: z.string(),
  role,
  prefix: z.string(),
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
  createdAt: instant,
};
export const apiKey = z.object(apiKeyFields).meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKey>;
export const apiKeyCreated = z
  .object({ ...apiKeyFields, key: z.string().describe('The key itself. It is shown this once.') })
  .meta({ id: 'ApiKeyCreated' });
export type ApiKeyCreated = z.infer<typeof apiKeyCreated>;
export const apiKeyPage = pageOf(apiKey, 'ApiKeyPage');
export const apiKeyQuery = pageQuery;
