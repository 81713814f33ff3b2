/**
 * `npm test`: all three kinds of test. The browser tests run after the others, because each starts the
 * whole product. Arguments go on to Jest: `npm test -- --testPathPatterns transfers`.
 *
 * A skipped test, or a run without any, is a failure. The totals are left in .stamp/test-totals.json.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stamps = join(root, '.stamp');
const totalsFile = join(stamps, 'test-totals.json');
const args = process.argv.slice(2);
/** With a filter of one's own it is right that some tests do not run. */
const isFiltered = args.some((arg) => /^(-t|--testNamePattern|--onlyChanged|-o)\b/.test(arg));

const hasOwnProjects = args.some((arg) => arg.startsWith('--selectProjects'));
const rounds = hasOwnProjects
  ? [['--maxWorkers=2']]
  : [
      ['--selectProjects', 'pure', 'int', '--maxWorkers=2'],
      ['--selectProjects', 'e2e', '--maxWorkers=2'],
    ];

/** Only the whole run can say that no test emits an audit action. */
const isWhole = args.length === 0;
const auditActionsFile = join(stamps, 'audit-actions.txt');

mkdirSync(stamps, { recursive: true });
if (isWhole) {
  writeFileSync(auditActionsFile, '');
  process.env.WAYBILL_AUDIT_COVERAGE = auditActionsFile;
}
rmSync(totalsFile, { force: true });
const totals = { passed: 0, failed: 0, skipped: 0 };
const faults = [];
let isInterrupted = false;
for (const [index, round] of rounds.entries()) {
  if (isInterrupted) break;
  const resultFile = join(stamps, `test-result-${index}.json`);
  rmSync(resultFile, { force: true });
  const code = await runJest([
    ...round,
    '--passWithNoTests',
    '--json',
    `--outputFile=${resultFile}`,
    ...args,
  ]);
  addResult(readResult(resultFile), code);
}
if (isWhole) await checkAuditCoverage();
if (totals.passed + totals.failed === 0) faults.push('No test was run.');
if (totals.skipped > 0 && !isFiltered)
  faults.push(`${totals.skipped} tests were skipped; there must be none.`);
writeFileSync(totalsFile, JSON.stringify(totals));
for (const fault of faults) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);

function runJest(options) {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const env = { ...process.env, NODE_OPTIONS: flags.join(' ') };
  const child = spawn(process.execPath, [jest, ...options], {
    cwd: root,
    env,
    stdio: ['inherit', 'ignore', 'inherit'],
  });
  // Jest clears up after itself.
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => {
      isInterrupted = true;
      child.kill(signal);
    });
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

/** Every action of the catalogue must have been emitted; each test database has told its own as it closed. */
async function checkAuditCoverage() {
  const { AUDIT_ACTION_NAMES } = await import(join(root, 'packages/contracts/dist/audit-actions.js'));
  const emitted = new Set(readFileSync(auditActionsFile, 'utf8').split('\n'));
  const missing = AUDIT_ACTION_NAMES.filter((name) => !emitted.has(name));
  if (missing.length > 0) faults.push(`No test emits these audit actions: ${missing.join(', ')}.`);
}

function readResult(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function addResult(result, code) {
  if (!result) {
    totals.failed += 1;
    faults.push('Jest ended without a result.');
    return;
  }
  totals.passed += result.numPassedTests;
  totals.skipped += result.numPendingTests + result.numTodoTests;
  // A file that cannot even be loaded has no tests to count.
  totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  if (!result.success || code !== 0) faults.push('There are tests that failed.');
}
