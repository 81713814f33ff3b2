/** What can be permitted, as `noun:verb`, and what each role may do. Everything else is denied. */
import { z } from 'zod';

export const PERMISSIONS = [
  'partner:read',
  'partner:write',
  'endpoint:read',
  'endpoint:write',
  'endpoint:test',
  'credential:read',
  'credential:write',
  'certificate:read',
  'certificate:write',
  'exception:read',
  'exception:request',
  'exception:approve',
  'route:read',
  'route:write',
  'schedule:read',
  'schedule:write',
  'transfer:read',
  'transfer:start',
  'transfer:cancel',
  'audit:read',
  'user:read',
  'user:write',
  'api-key:read',
  'api-key:write',
  'network:read',
  'network:write',
  'setting:read',
  'setting:write',
  'metrics:read',
] as const;
export const permission = z.enum(PERMISSIONS);
export type Permission = z.infer<typeof permission>;

export const ROLES = ['administrator', 'operator', 'auditor'] as const;
export const role = z.enum(ROLES);
export type Role = z.infer<typeof role>;

const reads = PERMISSIONS.filter((one) => one.endsWith(':read'));

export const ROLE_PERMISSIONS: Record<Role, ReadonlySet<Permission>> = {
  administrator: new Set(PERMISSIONS),
  operator: new Set<Permission>([
    ...reads.filter((one) => one !== 'user:read' && one !== 'api-key:read'),
    'partner:write',
    'endpoint:write',
    'endpoint:test',
    'credential:write',
    'certificate:write',
    'exception:request',
    'route:write',
    'schedule:write',
    'transfer:start',
    'transfer:cancel',
    'setting:write',
  ]),
  auditor: new Set(reads),
};
