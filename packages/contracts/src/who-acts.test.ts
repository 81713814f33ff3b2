import { expect, test } from '@jest/globals';
import { whoHasToAct } from './who-acts.js';

test.each([
  ['login_refused', false, 'us'],
  ['certificate_expired', false, 'partner'],
  ['client_certificate_refused', false, 'us'],
  ['setting_refused', false, 'us'],
  ['connect_timeout', false, 'network'],
  ['permission_denied', false, 'partner'],
  ['permission_denied', true, 'us'],
  ['target_full', true, 'us'],
  ['server_busy', false, null],
  ['endpoint_held', false, 'us'],
  ['constructor', false, 'us'],
  [null, false, null],
] as const)('for %s (at a folder of ours: %s) it is %s', (kind, isLocal, who) => {
  expect(whoHasToAct(kind, { isLocal })).toBe(who);
});
