import { expect, test } from '@jest/globals';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { endpointOf, openForTest } from '../test-support/open-for-test.js';

test('implicit on a port that is explicit says so', async () => {
  const server = await startVsftpd({ mode: 'explicit' });
  try {
    await expect(openForTest(endpointOf(server, { protocol: 'ftps_implicit' }))).rejects.toMatchObject({
      kind: 'setting_refused',
      message: expect.stringContaining('FTPS explicit'),
    });
  } finally {
    await server.stop();
  }
});

test('explicit on a port that is implicit says so', async () => {
  const server = await startVsftpd({ mode: 'implicit' });
  try {
    const endpoint = endpointOf(server, {
      protocol: 'ftps_explicit',
      connectTimeoutMs: 3000,
      idleTimeoutMs: 3000,
    });
    await expect(openForTest(endpoint)).rejects.toMatchObject({
      kind: 'setting_refused',
      step: 'connect',
      message: expect.stringContaining('FTPS implicit'),
    });
  } finally {
    await server.stop();
  }
});
