/** What can be said of something that was thrown, wherever it comes from: `instanceof` fails across realms. */

/** Node's code ("ENOENT"), or '' where there is none. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

export function errorText(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : 'unknown error';
}
