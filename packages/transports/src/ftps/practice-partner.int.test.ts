import { describe, test } from '@jest/globals';
import { endpoint, start } from '../test-support/hostile-partner.js';
import { openForTest } from '../test-support/open-for-test.js';
import { transportSuite } from '../test-support/transport-suite.js';

/** Nothing here is meant to time out, however busy the machine is. */
const PATIENT = { connectTimeoutMs: 30_000, idleTimeoutMs: 30_000 };

describe('the practice partner', () => {
  for (const mode of ['explicit', 'implicit'] as const) {
    for (const { title, run } of transportSuite) {
      test(`${mode}: ${title}`, async () => {
        const server = await start({ mode });
        await run({ open: (signal) => openForTest(endpoint(server, PATIENT), { signal }) });
      });
    }
  }
});
