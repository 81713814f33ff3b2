import type { Me } from '@waybill/contracts/access.js';
import type { Permission } from '@waybill/contracts/permissions.js';
import { createContext, use, type ReactNode } from 'react';
import { api, queryClient } from '../api.js';

const MeContext = createContext<Me | null>(null);

/** Who is signed in, read once and kept; fails with `not_signed_in`. */
export const meQuery = () => api.queryOptions('get', '/api/v1/me', {}, { staleTime: 60_000, retry: false });

export function SessionProvider({ me, children }: { me: Me; children: ReactNode }) {
  return <MeContext value={me}>{children}</MeContext>;
}

/** The person who is signed in. */
export function useMe(): Me {
  const me = use(MeContext);
  if (me === null) throw new Error('useMe is for pages behind the sign-in');
  return me;
}

/** Whether the person may do something; what they may not do is not shown. */
export function useCan(): (permission: Permission) => boolean {
  const me = useMe();
  return (permission) => me.permissions.includes(permission);
}

/** After signing in: nothing of another person's session stays. */
export function beginSession(me: Me): void {
  queryClient.clear();
  queryClient.setQueryData(meQuery().queryKey, me);
}

export function endSession(): void {
  queryClient.clear();
}
