/** How often somebody may ask. Counted in this process; the lock of an account is in the database (lock-out.ts). */
import { isIPv6 } from 'node:net';
import { Problem } from '@waybill/domain/problem.js';
import type { Response } from 'express';
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export interface RateLimits {
  /** Each request of somebody known: 100 a second, 500 more in ten seconds as a burst. */
  request(actorId: string, response: Response): Promise<void>;
  /** Wrong tries to sign in or to set up, by address: 10 a minute. */
  signIn(address: string, response: Response): Promise<void>;
  /** Gives a try back that was right: a whole office may come in by one address in the morning. */
  signedIn(address: string): Promise<void>;
  /** Requests that nobody known makes, by address: 30 a second. */
  stranger(address: string, response: Response): Promise<void>;
  /** Gives a stranger's try back to an address where it was made with a token that proved good. */
  provedKnown(address: string): Promise<void>;
}

/** Each answers nothing, or sets Retry-After and throws Problem `too_many_requests`. */
export function makeRateLimits(): RateLimits {
  const request = new BurstyRateLimiter(
    new RateLimiterMemory({ keyPrefix: 'request', points: 100, duration: 1 }),
    new RateLimiterMemory({ keyPrefix: 'burst', points: 500, duration: 10 }),
  );
  const signIn = new RateLimiterMemory({ keyPrefix: 'sign-in', points: 10, duration: 60 });
  const stranger = new RateLimiterMemory({ keyPrefix: 'stranger', points: 30, duration: 1 });
  return {
    request: (actorId, response) => within(request.consume(actorId), response),
    signIn: (address, response) => within(signIn.consume(networkOf(address)), response),
    async signedIn(address) {
      await signIn.reward(networkOf(address));
    },
    stranger: (address, response) => within(stranger.consume(networkOf(address)), response),
    async provedKnown(address) {
      await stranger.reward(networkOf(address));
    },
  };
}

/** Whoever has one IPv6 address has the 2^64 of its network (RFC 6177), so they count as one. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  // The URL parser is the one place in Node that writes an IPv6 address in its canonical form.
  const canonical = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  if (canonical.startsWith('::ffff:')) return canonical;
  const [head = '', tail] = canonical.split('::');
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const known = groups(head);
  const last = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - known.length - last.length }, () => '0');
  return `${[...known, ...zeros, ...last].slice(0, 4).join(':')}::/64`;
}

async function within(consumed: Promise<unknown>, response: Response): Promise<void> {
  try {
    await consumed;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    response.setHeader('Retry-After', String(seconds));
    throw new Problem('too_many_requests', `Try again in ${seconds} s.`);
  }
}
