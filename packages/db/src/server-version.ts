/** Major versions of Postgres. */
export const OLDEST_VERSION = 15;
/** The first that ends a transaction by itself when it takes too long, which the audit log needs to keep up. */
export const FULL_VERSION = 17;
