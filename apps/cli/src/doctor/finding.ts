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
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text
    .replace(/:\/\/[^@\s/]+@/g, '://***@')
    .replace(/\s+/g, ' ')
    .slice(0, 300);
}
