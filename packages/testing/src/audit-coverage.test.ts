import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { AUDIT_ACTION_NAMES } from '@waybill/contracts/audit-actions.js';
import { missingAuditActions } from './audit-coverage.js';

test('names the actions that no test has emitted, however often the others were', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'waybill-coverage-')), 'actions.txt');
  const [one, two, ...rest] = AUDIT_ACTION_NAMES;
  await writeFile(file, [...rest, ...rest, two, 'no.such_action', ''].join('\n'));
  expect(await missingAuditActions(file)).toEqual([one]);
});
