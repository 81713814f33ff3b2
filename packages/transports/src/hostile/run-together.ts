/** Runs cases side by side, because most of them wait for something; those that measure run alone, at the end. */
import { runCase, type HostileCase } from './hostile-case.js';

const AT_ONCE = 6;

/**
 * @param patience as of `runCase`
 * @returns by id, when and how each ends; a failure may be looked at late
 */
export function runTogether(cases: HostileCase[], patience: number): Map<string, Promise<void>> {
  const outcomes = new Map(cases.map((one) => [one.id, Promise.withResolvers<void>()]));
  const runEach = async (waiting: HostileCase[]): Promise<void> => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const outcome = outcomes.get(one.id);
      await runCase(one, patience).then(outcome?.resolve, outcome?.reject);
    }
  };
  const alone = cases.filter(({ runsAlone, isEndless }) => runsAlone || isEndless);
  const together = cases.filter((one) => !alone.includes(one));
  const lanes = Array.from({ length: AT_ONCE }, () => runEach(together));
  void Promise.all(lanes).then(() => runEach(alone));
  for (const { promise } of outcomes.values()) promise.catch(() => undefined);
  return new Map([...outcomes].map(([id, { promise }]) => [id, promise]));
}
