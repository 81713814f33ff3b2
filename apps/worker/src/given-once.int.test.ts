/** A mailbox gives each file only once, and is lost when all of it has come: that is the only copy. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Script } from '@waybill/ftps-server/script.js';
import { type ScriptedServer, emptyFolder, putFile, readFolder, sha256 } from './test-support/site.js';
import { useSite } from './test-support/use-site.js';

const site = await useSite('out', 'in');

/** It loses the session in place of its final reply. @param work done before that */
async function losing(
  content: Buffer | string,
  work: (server: ScriptedServer) => unknown,
  script: Script = {},
): Promise<ScriptedServer> {
  let isLost = false;
  const server: ScriptedServer = await site.scripted({
    ...script,
    onReply: (_session, verb, { code }) => {
      if (verb !== 'RETR' || code !== 226 || isLost) return undefined;
      isLost = true;
      return async (turn) => {
        await work(server);
        turn.drop('rst');
      };
    },
  });
  await putFile(server.root, 'a.csv', content);
  return server;
}

const forget = ({ root }: ScriptedServer) => rm(join(root, 'a.csv'));

test.each([1, 3])(
  'what has come stays where the source does not have it any more, and is said to be there, with %d tries',
  async (maxTries) => {
    const server = await losing('the only copy', forget);
    await site.startWorker();
    const route = await site.collectRoute(await site.server(server), { maxTries });
    const transfer = await site.waitFor(await site.start(route));
    const left = await readFolder(join(site.folder, 'in'));
    expect(Object.values(left)).toEqual([sha256('the only copy')]);
    const [name = ''] = Object.keys(left);
    expect(transfer.files).toMatchObject([
      { state: 'uncertain', failureText: expect.stringContaining(`as /in/${name}. Look whether`) },
    ]);
    // Nor does the next run remove it.
    await putFile(server.root, 'b.csv', 'another');
    await site.waitFor(await site.start(route));
    expect(await readFolder(join(site.folder, 'in'))).toEqual({ ...left, 'b.csv': sha256('another') });
  },
);

test('what has come with the last try is no doubt where the source has the file still, and the next run brings it', async () => {
  const server = await losing('content', () => undefined);
  await site.startWorker();
  const route = await site.collectRoute(await site.server(server), { maxTries: 1 });
  expect((await site.waitFor(await site.start(route))).files).toMatchObject([{ state: 'failed' }]);
  expect(await site.waitFor(await site.start(route))).toMatchObject({
    state: 'succeeded',
    deliveredCount: 1,
  });
  expect(await readFolder(join(site.folder, 'in'))).toEqual({ 'a.csv': sha256('content') });
});

test('what has come stays, too, where no other try has reached the source, also beside another file of its name', async () => {
  for (const next of ['a.csv', 'b.csv']) {
    await emptyFolder(join(site.folder, 'in'));
    const content = Buffer.alloc(3_000_000, next);
    let isAway = false;
    const server = await losing(
      content,
      async (mailbox) => {
        isAway = true;
        await forget(mailbox);
      },
      { onCommand: (_session, verb) => (isAway && verb === 'CONNECT' ? '421 Not now' : undefined) },
    );
    const worker = await site.startWorker();
    const route = await site.collectRoute(await site.server(server), { maxTries: 2 });
    const failed = await site.waitFor(await site.start(route));
    expect(failed).toMatchObject({ state: 'failed', tryCount: 2 });
    expect(failed.attempts[0]?.failureText).toContain('What has arrived is left as /in/');
    const [name = '', ...others] = Object.keys(await readFolder(join(site.folder, 'in')));
    expect(others).toEqual([]);
    const part = await readFile(join(site.folder, 'in', name));
    expect(part.equals(content)).toBe(true);
    isAway = false;
    await putFile(server.root, next, 'the next one');
    expect(await site.waitFor(await site.start(route))).toMatchObject({ state: 'succeeded' });
    expect(await readFolder(join(site.folder, 'in'))).toEqual({
      [name]: sha256(content),
      [next]: sha256('the next one'),
    });
    await worker.stop();
  }
});

test('what was left of another file of the same name is removed where it is seen to be a part', async () => {
  let isAway = false;
  let cuts = 0;
  const server = await site.scripted({
    onCommand: (_session, verb) => (isAway && verb === 'CONNECT' ? '421 Not now' : undefined),
    onDataOpen: (_session, verb) => {
      if (verb !== 'STOR' || ++cuts > 1) return undefined;
      isAway = true;
      return { cut: { afterBytes: 500_000, how: 'rst' } };
    },
  });
  await writeFile(join(site.folder, 'out', 'a.csv'), Buffer.alloc(900_000, 'x'));
  await site.startWorker();
  const route = await site.sendRoute(await site.server(server), { maxTries: 1 });
  expect(await site.waitFor(await site.start(route))).toMatchObject({ state: 'failed' });
  expect(Object.keys(await readFolder(server.root))).toEqual([expect.stringMatching(/^\.waybill-/)]);
  await writeFile(join(site.folder, 'out', 'a.csv'), 'another');
  isAway = false;
  expect(await site.waitFor(await site.start(route))).toMatchObject({ state: 'succeeded' });
  expect(await readFolder(server.root)).toEqual({ 'a.csv': sha256('another') });
});
