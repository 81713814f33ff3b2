/**
 * Runs the cases whose ids are given, without a test runner, and prints one line of JSON for each as it ends:
 * `{ "id", "failure" }`, null where it holds.
 */
import { ALL_CASES } from './catalogue.js';
import { runTogether } from './run-together.js';

const ids = new Set(process.argv.slice(2));
const asked = ALL_CASES.filter(({ id }) => ids.has(id));
const told = [...runTogether(asked, 1)].map(async ([id, outcome]) => {
  const failure = await outcome.then(
    () => null,
    (error: unknown) => String(error).split('\n')[0],
  );
  process.stdout.write(`${JSON.stringify({ id, failure })}\n`);
});
await Promise.all(told);
// A case that fails, as it has to without its defence, may leave open what the defence would have ended.
process.exit(0);
