/** People's own passwords: Argon2id (RFC 9106), in PHC form. */
import { hash, verify } from '@node-rs/argon2';
import { Problem } from '../problem.js';
import { makeTurns } from './turns.js';

// At least what OWASP asks for as a minimum: 19 MiB, two passes, one lane.
// (Argon2id is the package's own choice; its enum cannot be imported under isolatedModules.)
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * @param about what is known of the person; none of it may be the password
 * @throws Problem `invalid_input` for a password that anybody would try first
 */
export async function hashPassword(
  password: string,
  about: { email: string; name: string; path?: string },
): Promise<string> {
  const weakness = weaknessOf(password, about);
  if (weakness !== null) {
    const path = about.path ?? 'password';
    throw new Problem('invalid_input', `${path}: ${weakness}`, { errors: [{ path, message: weakness }] });
  }
  return hash(password, ARGON2);
}

/**
 * Anybody may have passwords verified without signing in, so only so many are at a time: two leave the other two of
 * libuv's threads to all that needs them, and hold 38 MiB. The last in line waits a few seconds.
 */
const inTurn = makeTurns({
  atOnce: 2,
  waiting: 100,
  refusal: () => new Problem('not_ready', 'Too many sign in at this moment. Try again in a few seconds.'),
});

/** A hash that fits no password, for the work of a check where there is no account. */
let decoy: Promise<string> | undefined;

/**
 * Whether the password fits. Without a hash (no such account) it does the same work, so that the time of an answer
 * does not tell who has an account. It may wait for its turn, so no transaction should be open meanwhile.
 * @throws Problem `not_ready` while too many wait
 */
export async function verifyPassword(passwordHash: string | null, password: string): Promise<boolean> {
  decoy ??= hash(crypto.randomUUID(), ARGON2);
  const known = passwordHash ?? (await decoy);
  const fits = await inTurn(() => verify(known, password));
  return passwordHash !== null && fits;
}

function weaknessOf(password: string, about: { email: string; name: string }): string | null {
  const lower = password.toLowerCase();
  if (new Set(lower).size < 5) return 'has too few different characters';
  if (lower === about.email || lower === about.name.toLowerCase())
    return 'must not be the e-mail or the name';
  if (/^(?:password|passwort|waybill|qwerty|letmein|welcome|admin)[\W\d]*$/.test(lower))
    return 'is one that anybody would try first';
  return null;
}
