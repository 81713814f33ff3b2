import { toast } from './toast.js';

/** Does something, and says that it is done or why it could not be. Gives whether it was done. */
export async function act(work: () => Promise<unknown>, done: string, more?: string): Promise<boolean> {
  try {
    await work();
    toast.done(done, more);
    return true;
  } catch (error) {
    toast.failed(error);
    return false;
  }
}
