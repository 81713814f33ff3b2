import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { inTransaction } from '@waybill/db/transaction.js';
import { newId } from '@waybill/domain/new-id.js';
import { MAX_MAIL_TRIES } from '@waybill/domain/notifications/send-notification.js';
import { SMTPServer } from 'smtp-server';
import { WHO_ACTS } from '@waybill/contracts/who-acts.js';
import { type Site, openSite } from './test-support/site.js';

interface Received {
  to: string[];
  text: string;
}

let site: Site;
let mailServer: SMTPServer;
let received: Received[] = [];
let refuse = false;
/** Where given, a mail that comes in waits for its call. */
let held: (() => void)[] | null = null;

beforeAll(async () => {
  site = await openSite();
  mailServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo(_address, _session, done) {
      const answer = () => done(refuse ? new Error('mailbox is full') : undefined);
      if (held) held.push(answer);
      else answer();
    },
    onData(stream, session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => {
        // Long lines are broken on the way (RFC 2045 section 6.7).
        received.push({
          to: session.envelope.rcptTo.map((one) => one.address).sort(),
          text: text.replaceAll('=\r\n', ''),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => mailServer.listen(0, '127.0.0.1', resolve));
  await inTransaction(site.database.app, async (tx) => {
    const users = [
      ['admin@example.com', 'administrator', null],
      ['operator@example.com', 'operator', null],
      ['auditor@example.com', 'auditor', null],
      ['gone@example.com', 'operator', new Date()],
    ] as const;
    for (const [email, role, disabledAt] of users)
      await tx.user.create({
        data: { id: newId(), email, name: email, role, disabledAt, passwordHash: 'x' },
      });
  });
});
afterAll(async () => {
  await site.close();
  await new Promise<void>((resolve) => mailServer.close(resolve));
});
beforeEach(() => {
  received = [];
  refuse = false;
});

function mailSettings(): Record<string, string> {
  const { port } = mailServer.server.address() as { port: number };
  return {
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    WAYBILL_MAIL_FROM: 'waybill@example.com',
    WAYBILL_PUBLIC_URL: 'https://waybill.example.com',
  };
}

/** A transfer that fails: its server's port is closed. */
async function aFailingTransfer(): Promise<string> {
  await writeFile(join(site.folder, 'out', 'a.csv'), 'a');
  const server = {
    host: '127.0.0.1',
    port: 1,
    mode: 'explicit',
    user: 'u',
    password: 'p',
    homePath: '',
  } as const;
  const target = await site.server({ ...server, root: '', stop: () => Promise.resolve() });
  return site.start(await site.sendRoute(target, { maxTries: 2 }));
}

const messageOf = (transferId: string) =>
  site.database.app.notification.findFirstOrThrow({ where: { transferId } });
type Row = Awaited<ReturnType<typeof messageOf>>;

/** The message of a transfer once it is as it should be, or as it is after 15 s. */
async function messageOnce(transferId: string, holds: (row: Row) => boolean): Promise<Row> {
  for (const deadline = Date.now() + 15_000; ; await sleep(50)) {
    const row = await messageOf(transferId);
    if (holds(row) || Date.now() > deadline) return row;
  }
}

test('a transfer that fails is told to those who can act, once, by a real SMTP server', async () => {
  const worker = await site.startWorker(mailSettings());
  const id = await aFailingTransfer();
  expect(await site.waitFor(id)).toMatchObject({
    state: 'failed',
    failureKind: 'connect_failed',
    tryCount: 2,
  });
  const row = await messageOnce(id, ({ state }) => state === 'sent');
  await sleep(500);
  expect(received).toHaveLength(1);
  expect(received[0]?.to).toEqual(['admin@example.com', 'operator@example.com']);
  expect(received[0]?.text).toContain('Subject: [Waybill] Transfer failed');
  expect(received[0]?.text).toContain(`https://waybill.example.com/transfers/${id}`);
  expect(row).toMatchObject({ state: 'sent', tryCount: 1 });
  expect(row.body).toContain(WHO_ACTS.network);
  const sent = await site.database.app.auditEvent.findMany({ where: { objectId: row.id } });
  expect(sent.map((event) => event.action)).toEqual(['notification.sent']);
  await worker.stop();
});

test('a message that is refused is tried again, and arrives when the mail server takes it', async () => {
  refuse = true;
  const worker = await site.startWorker(mailSettings());
  const id = await aFailingTransfer();
  await site.waitFor(id);
  const refused = await messageOnce(id, ({ lastError }) => lastError !== null);
  expect(refused).toMatchObject({
    state: 'queued',
    tryCount: 1,
    lastError: expect.stringContaining('mailbox'),
  });
  expect(refused.nextTryAt?.getTime()).toBeGreaterThan(Date.now() + 10_000);
  refuse = false;
  await site.database.app.notification.update({ where: { id: refused.id }, data: { nextTryAt: new Date() } });
  const sent = await messageOnce(id, ({ state }) => state === 'sent');
  expect(sent).toMatchObject({ state: 'sent', tryCount: 2, lastError: null });
  expect(received).toHaveLength(1);
  await worker.stop();
});

test('without a mail server nobody is told, and nothing waits to be sent', async () => {
  const worker = await site.startWorker();
  const id = await aFailingTransfer();
  await site.waitFor(id);
  expect(await site.database.app.notification.count({ where: { transferId: id } })).toBe(0);
  await worker.stop();
});

test('a message that is refused too often is given up, and the audit log says so', async () => {
  refuse = true;
  const worker = await site.startWorker(mailSettings());
  const id = await aFailingTransfer();
  await site.waitFor(id);
  const { id: messageId } = await messageOnce(id, ({ lastError }) => lastError !== null);
  await site.database.app.notification.update({
    where: { id: messageId },
    data: { tryCount: MAX_MAIL_TRIES - 1, nextTryAt: new Date() },
  });
  expect(await messageOnce(id, ({ state }) => state === 'failed')).toMatchObject({
    state: 'failed',
    tryCount: MAX_MAIL_TRIES,
    nextTryAt: null,
  });
  const events = await site.database.app.auditEvent.findMany({ where: { objectId: messageId } });
  expect(events).toMatchObject([
    {
      action: 'notification.failed',
      outcome: 'failed',
      details: { error: expect.stringContaining('mailbox') },
    },
  ]);
  await worker.stop();
});

test('messages that wait for a mail server that hangs are not rung for without end', async () => {
  held = [];
  const createdAt = new Date(Date.now() - 10_000);
  const message = { recipients: ['a@example.com'], subject: 'Failed', body: '' };
  await site.database.app.notification.createMany({
    data: Array.from({ length: 100 }, () => ({ id: newId(), ...message, createdAt, nextTryAt: createdAt })),
  });
  const worker = await site.startWorker(mailSettings());
  for (const deadline = Date.now() + 15_000; held.length < 2 && Date.now() < deadline;) await sleep(50);
  // More come at once, or not at all.
  await sleep(3000);
  expect(held).toHaveLength(2);
  expect((await site.jobs.depth('notification')).waiting).toBeLessThan(300);
  await site.database.app.notification.updateMany({ data: { state: 'failed', nextTryAt: null } });
  for (const answer of held) answer();
  held = null;
  await worker.stop();
});
