/**
 * What is paid before a token (an API key, the cookie of a session) is looked up, so that a flood of made-up ones
 * costs the database next to nothing, and never shuts out a known one that comes from the same address.
 */
import { createHash } from 'node:crypto';
import type { Actor } from '@waybill/domain/actor.js';
import type { Response } from 'express';
import type { RateLimits } from './rate-limits.js';

/** Tokens that are remembered; the oldest go first and have to prove themselves again. */
const MAX_REMEMBERED = 10_000;

export interface TokenLook<Found> {
  token: string;
  address: string;
  response: Response;
  find: () => Promise<Found>;
  /** Who is behind what was found; null where the token opens nothing. */
  actorOf: (found: Found) => Actor | null;
}

export class TokenLimits {
  /** Whose the tokens are that were good the last time, by their hashes. */
  private readonly owners = new Map<string, string>();
  private readonly firstLooks = new Map<string, Promise<unknown>>();

  constructor(private readonly limits: RateLimits) {}

  /**
   * Looks a token up. One that was good before pays as its owner does; another one costs its address a stranger's
   * try, which is given back when it proves good. Of many requests with a new one at a time, the first proves it.
   * @throws Problem `too_many_requests` before anything is looked up
   */
  async look<Found>(asked: TokenLook<Found>): Promise<Found> {
    const hash = createHash('sha256').update(asked.token).digest('base64');
    // Nothing is awaited between this and the next line that sets it: of many at a time one is the first.
    const first = this.firstLooks.get(hash);
    if (first !== undefined) await first;
    const owner = this.owners.get(hash);
    if (owner !== undefined) {
      await this.limits.request(owner, asked.response);
      const found = await asked.find();
      if (asked.actorOf(found) === null) this.owners.delete(hash);
      return found;
    }
    const looking = this.lookFirst(hash, asked);
    this.firstLooks.set(
      hash,
      looking.catch(() => undefined),
    );
    try {
      return await looking;
    } finally {
      this.firstLooks.delete(hash);
    }
  }

  private async lookFirst<Found>(hash: string, asked: TokenLook<Found>): Promise<Found> {
    await this.limits.stranger(asked.address, asked.response);
    const found = await asked.find();
    const owner = asked.actorOf(found)?.id ?? null;
    if (owner === null) return found;
    await this.limits.provedKnown(asked.address);
    this.remember(hash, owner);
    await this.limits.request(owner, asked.response);
    return found;
  }

  private remember(hash: string, owner: string): void {
    const [oldest] = this.owners.keys();
    if (oldest !== undefined && this.owners.size >= MAX_REMEMBERED) this.owners.delete(oldest);
    this.owners.set(hash, owner);
  }
}
