/** Bounds how much of something runs at a time: the rest waits in line, and what finds the line full is refused. */
export interface TurnLimits {
  atOnce: number;
  waiting: number;
  /** What is thrown where the line is full. */
  refusal: () => Error;
}

/** Answers a function that runs work when its turn comes, first come, first served. */
export function makeTurns(limits: TurnLimits): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const line: (() => void)[] = [];
  return async (work) => {
    if (running < limits.atOnce) running += 1;
    else if (line.length < limits.waiting) await new Promise<void>((resolve) => line.push(resolve));
    else throw limits.refusal();
    try {
      return await work();
    } finally {
      const next = line.shift();
      // Whoever is next takes the place over, so it stays counted.
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
