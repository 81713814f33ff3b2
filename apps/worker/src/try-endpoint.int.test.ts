import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Endpoint, EndpointTest } from '@waybill/contracts/endpoints.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { getEndpointTest, requestEndpointTest } from '@waybill/domain/endpoints/endpoint-tests.js';
import { afterDoing, answering } from '@waybill/ftps-server/behaviours.js';
import { anActor } from '@waybill/testing/builders.js';
import type { FtpTestServer } from '@waybill/testing/servers/ftp-test-server.js';
import { startVsftpd } from '@waybill/testing/servers/vsftpd.js';
import { type Site, openSite, putFile } from './test-support/site.js';

let site: Site;
let vsftpd: FtpTestServer;
beforeAll(async () => {
  [site, vsftpd] = await Promise.all([openSite(), startVsftpd()]);
  await site.startWorker();
});
afterAll(async () => {
  await site.close();
  await vsftpd.stop();
});

async function ask(endpoint: Endpoint): Promise<string> {
  const { test: check } = await inTransaction(site.database.app, (tx) =>
    requestEndpointTest(tx, anActor(), { endpointId: endpoint.id }),
  );
  await site.jobs.ring('endpoint-test', check.id);
  return check.id;
}

async function answerOf(id: string, isReady = (check: EndpointTest) => check.finishedAt !== null) {
  for (const deadline = Date.now() + 60_000; ; await sleep(20)) {
    const check = await getEndpointTest(site.database.app, id);
    if (isReady(check)) return check;
    if (Date.now() > deadline) throw new Error(`no answer: ${JSON.stringify(check)}`);
  }
}

test('a server that is set up right passes, with its steps, its TLS facts and the dialogue without the password', async () => {
  await putFile(vsftpd.root, 'a.csv', 'a');
  const check = await answerOf(await ask(await site.server(vsftpd)));
  expect(check).toMatchObject({ state: 'passed', entryCount: 1, failureKind: null });
  expect(check.steps.map((step) => `${step.step} ${step.outcome}`)).toEqual([
    'resolve ok',
    'connect ok',
    'tls ok',
    'login ok',
    'protect ok',
    'list ok',
  ]);
  expect(check.connection?.control?.protocol).toBe('TLSv1.3');
  expect(JSON.stringify(check)).not.toContain(vsftpd.password);
});

test('a step shows as running before it is done', async () => {
  const seen = Promise.withResolvers<void>();
  const server = await site.scripted({
    onCommand: answering({ PASS: afterDoing(() => seen.promise) }),
  });
  const id = await ask(await site.server(server));
  const midway = await answerOf(id, (check) => check.steps.some((step) => step.step === 'login'));
  expect(midway.state).toBe('running');
  expect(midway.steps.at(-1)).toMatchObject({ step: 'login', outcome: 'running' });
  seen.resolve();
  expect(await answerOf(id)).toMatchObject({ state: 'passed' });
});

test('a wrong password fails at its step, once, and does not put the endpoint on hold', async () => {
  const server = await site.scripted();
  const endpoint = await site.server(server, { password: 'wrong' });
  const check = await answerOf(await ask(endpoint));
  expect(check).toMatchObject({ state: 'failed', failureKind: 'login_refused' });
  expect(check.steps.at(-1)).toMatchObject({ step: 'login', outcome: 'failed' });
  expect(server.loginCount()).toBe(1);
  const row = await site.database.app.endpoint.findUniqueOrThrow({ where: { id: endpoint.id } });
  expect(row.heldAt).toBeNull();
});

test('what the server makes of the last commands is told', async () => {
  const server = await site.scripted({ onCommand: answering({ SITE: '500 What?' }) });
  const endpoint = await site.server(server, { settings: { commandsBeforeQuit: ['SITE CHMOD 640 a.csv'] } });
  const check = await answerOf(await ask(endpoint));
  expect(check).toMatchObject({ state: 'passed' });
  expect(check.steps.at(-1)).toMatchObject({ step: 'cleanup', detail: expect.stringContaining('500 What?') });
});

test('a local folder passes too', async () => {
  expect(await answerOf(await ask(site.local))).toMatchObject({ state: 'passed', entryCount: 3 });
});
