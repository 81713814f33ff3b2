/**
 * A value that cannot be printed. Every ordinary way of turning it into text (string concatenation, JSON,
 * `console.log`, `util.inspect`, pino) gives `[secret]`; only an explicit `reveal()` gives the value, so a
 * search for `reveal(` lists every place that handles a secret in the clear.
 */
import { inspect } from 'node:util';

const MASK = '[secret]';

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value in the clear. Call it in the narrowest scope, never store what it returns. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
