/** The last step of `npm test`: ends with 1 and the names where an audit action is emitted by no test. */
import { COVERAGE_FILE_VARIABLE, missingAuditActions } from './audit-coverage.js';

const file = process.env[COVERAGE_FILE_VARIABLE];
if (!file) throw new Error(`${COVERAGE_FILE_VARIABLE} does not name the file that the tests have written.`);
const missing = await missingAuditActions(file);
if (missing.length > 0) {
  process.stderr.write(
    `No test emits these audit actions:\n${missing.map((name) => `  ${name}\n`).join('')}`,
  );
  process.exitCode = 1;
}
