/** A machine whose clock is wrong, beside a database whose clock is right. */

/** Runs `work` while the clock of this process is an hour ahead, or `byMs`. Timers run as ever. */
export async function atWrongTime<Result>(
  work: () => Promise<Result>,
  byMs: number = 3_600_000,
): Promise<Result> {
  const RightDate = globalThis.Date;
  globalThis.Date = class extends RightDate {
    constructor(...given: [] | [number | string | Date]) {
      super(...((given.length === 0 ? [RightDate.now() + byMs] : given) as [number]));
    }
    static override now(): number {
      return RightDate.now() + byMs;
    }
  } as DateConstructor;
  try {
    return await work();
  } finally {
    globalThis.Date = RightDate;
  }
}
