/** What a check of the doctor finds. */
export interface Finding {
  status: 'ok' | 'warn' | 'fail';
  /** What was looked at, in a few words. */
  what: string;
  /** What is so. */
  detail: string;
  /** What to do; only where something is to be done. */
  remedy?: string;
}

export const ok = (what: string, detail: string): Finding => ({ status: 'ok', what, detail });
export const warn = (what: string, detail: string, remedy: string): Finding => ({
  status: 'warn',
  what,
  detail,
  remedy,
});
export const fail = (what: string, detail: string, remedy: string): Finding => ({
  status: 'fail',
  what,
  detail,
  remedy,
});

/** The message of anything thrown, on one line and without a password in a URL. */
export function messageOf(error: unknown): string {
  const thrown: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  const { message, code, name } = thrown;
  // Prisma wraps what the database said into how it was asked.
  const said = /Message: `(.*)`$/s.exec(message)?.[1] ?? message;
  return (said || code || name)
    .replace(/:\/\/[^@\s/]+@/g, '://***@')
    .replace(/\s+/g, ' ')
    .slice(0, 300);
}
