/** Who may use an operation: exactly one of these stands beside each. An operation without one is denied to all. */
import type { Permission } from '@waybill/contracts/permissions.js';
import { ApiExtension } from '@nestjs/swagger';

export type Access =
  | { kind: 'open'; isLimited: boolean }
  | { kind: 'signed_in' }
  | { kind: 'can'; permission: Permission; isBackground: boolean };
export const ACCESS = 'waybill:access';

/** Callers whose role has the permission. */
export const Can = (permission: Permission) => access({ kind: 'can', permission, isBackground: false });
/** The same for what a browser asks by itself, again and again: it does not keep a session alive. */
export const CanInBackground = (permission: Permission) =>
  access({ kind: 'can', permission, isBackground: true });
/** Everybody who has signed in or sends an API key. */
export const SignedIn = () => access({ kind: 'signed_in' });
/** Everybody, strangers included. */
export const Open = () => access({ kind: 'open', isLimited: true });
/** Everybody, as often as they like: a monitor must be answered in a flood too, so the answer must cost nothing. */
export const OpenToMonitors = () => access({ kind: 'open', isLimited: false });

function access(value: Access): MethodDecorator {
  return (target, name, descriptor) => {
    const handler = descriptor.value as object;
    if (Reflect.hasMetadata(ACCESS, handler)) throw new Error(`${String(name)} says twice who may use it.`);
    Reflect.defineMetadata(ACCESS, value, handler);
    ApiExtension('x-permission', value.kind === 'can' ? value.permission : value.kind)(
      target,
      name,
      descriptor,
    );
    if (value.kind === 'open' && !value.isLimited)
      ApiExtension('x-rate-limited', false)(target, name, descriptor);
  };
}
