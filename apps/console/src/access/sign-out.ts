import { client } from '../api.js';
import { paths } from '../paths.js';
import { useGo } from '../ui/go.js';
import { toast } from '../ui/toast.js';
import { endSession } from './session.js';

/** Ends the session, and goes to the sign-in. */
export function useSignOut() {
  const go = useGo();
  return async () => {
    try {
      await client.DELETE('/api/v1/session');
      endSession();
      go(paths.signIn());
    } catch (error) {
      toast.failed(error);
    }
  };
}
