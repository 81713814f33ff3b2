/** Cancelling has to end within two seconds; a server that does not let us in again gets this long. */
export const REOPEN_TIMEOUT_MS = 15_000;
