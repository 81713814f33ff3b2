/** Small files get their names several at a time: what is kept of each is its own, and a session that is lost costs no file. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { DialogueLine } from '@waybill/contracts/session-facts.js';
import { dropInstead } from '@waybill/ftps-server/behaviours.js';
import type { Script } from '@waybill/ftps-server/script.js';
import { type Site, emptyFolder, openSite, readFolder, sha256 } from './test-support/site.js';

const COUNT = 20;
let site: Site;
let expected: Record<string, string>;
beforeAll(async () => {
  site = await openSite();
  await site.startWorker({ WAYBILL_SESSIONS_PER_TRANSFER: '1' });
});
afterAll(() => site.close());
afterEach(() => site.stopServers());
beforeEach(async () => {
  await emptyFolder(join(site.folder, 'out'));
  expected = {};
  for (let index = 0; index < COUNT; index += 1) {
    const name = `file ${String(index).padStart(2, '0')}.csv`;
    await writeFile(join(site.folder, 'out', name), name);
    expected[name] = sha256(name);
  }
});

/** What we said, without the words of the server. */
function saidIn(dialogue: unknown): string[] {
  return (dialogue as DialogueLine[]).filter(({ from }) => from === 'us').map(({ text }) => text);
}

test('each attempt keeps the dialogue of its own file, whole and in order', async () => {
  const verbs: string[] = [];
  const server = await site.scripted({
    onCommand: (_session, verb) => {
      verbs.push(verb);
      return undefined;
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const transfer = await site.waitFor(id);
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT, tryCount: 1 });
  expect(await readFolder(server.root)).toEqual(expected);
  expect(transfer.attempts).toHaveLength(COUNT);
  for (const { dialogue, transferFileId } of transfer.attempts) {
    const { name } = transfer.files.find((file) => file.id === transferFileId)!;
    const said = saidIn(dialogue);
    const stored = said.flatMap((text) => /^STOR (.*)$/.exec(text)?.slice(1) ?? []);
    expect(stored).toHaveLength(1);
    expect(said.filter((text) => text.startsWith('RNFR'))).toEqual([`RNFR ${stored[0]}`]);
    const named = said.filter((text) => text.startsWith('RNTO'));
    expect(named).toEqual([expect.stringMatching(new RegExp(`/${name}$`))]);
    expect(said.indexOf(named[0]!)).toBeGreaterThan(said.indexOf(`STOR ${stored[0]}`));
    // Every answer is beside its command: none is another file's.
    const answers = (dialogue as DialogueLine[]).filter(({ from }) => from === 'server');
    expect(answers.filter(({ text }) => text.startsWith('350'))).toHaveLength(1);
    expect(answers.filter(({ text }) => text.startsWith('226'))).toHaveLength(1);
  }
  // Several were brought before the first was named, and their names were asked for without a pause.
  const stored = verbs.filter((verb) => verb === 'STOR' || verb === 'RNTO');
  expect(stored.indexOf('RNTO')).toBeGreaterThan(1);
});

test('a session that is lost between the names of several files costs none of them, and none is sent to two names', async () => {
  let renames = 0;
  const server = await site.scripted({
    onCommand: (_session, verb) => {
      if (verb !== 'RNTO') return undefined;
      renames += 1;
      return renames === 3 ? dropInstead('rst') : undefined;
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const transfer = await site.waitFor(id);
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT });
  expect(await readFolder(server.root)).toEqual(expected);
  expect(transfer.attempts.map(({ outcome }) => outcome)).not.toContain('uncertain');
});

test('a server that carries out the renames and is lost before it says so has each file once', async () => {
  let renames = 0;
  const stored: string[] = [];
  const server = await site.scripted({
    onDataOpen: (_session, verb, path) => {
      if (verb === 'STOR') stored.push(path);
      return undefined;
    },
    onReply: (_session, verb, { code }) => {
      if (verb !== 'RNTO' || code !== 250) return undefined;
      renames += 1;
      return renames === 2 ? dropInstead('rst') : undefined;
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const transfer = await site.waitFor(id);
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT });
  expect(await readFolder(server.root)).toEqual(expected);
  const ofSecond = transfer.attempts.filter(({ transferFileId }) => transferFileId === transfer.files[1]?.id);
  expect(ofSecond.map(({ outcome }) => outcome)).toEqual(['delivered']);
});

test('a file whose confirmation is lost is named before those that wait, where one connection is all there may be', async () => {
  let stores = 0;
  const script = {
    onReply: ((_session, verb, { code }) => {
      if (verb !== 'STOR' || code !== 226) return undefined;
      stores += 1;
      return stores === 5 ? dropInstead('rst') : undefined;
    }) satisfies Script['onReply'],
  };
  const server = await site.scripted(script, { maxConnections: 1 });
  const endpoint = await site.server(server, { settings: { maxConnections: 1 } });
  const transfer = await site.waitFor(await site.start(await site.sendRoute(endpoint)));
  expect(transfer).toMatchObject({ state: 'succeeded', deliveredCount: COUNT, tryCount: 1 });
  expect(await readFolder(server.root)).toEqual(expected);
  const lost = transfer.attempts.filter(({ confirmationLost }) => confirmationLost);
  expect(lost.map(({ transferFileId }) => transferFileId)).toEqual([transfer.files[4]?.id]);
});

test('a server that takes no session after that is not asked for one for every file', async () => {
  let isOver = false;
  let refused = 0;
  let stores = 0;
  const server = await site.scripted({
    onCommand: (_session, verb) => {
      if (verb === 'PASS' && isOver && refused < 5) {
        refused += 1;
        return '530 Login incorrect.';
      }
      if (verb !== 'STOR' || isOver || stores++ < COUNT - 2) return undefined;
      isOver = true;
      return dropInstead('rst');
    },
  });
  const id = await site.start(await site.sendRoute(await site.server(server)));
  const transfer = await site.waitFor(id, ['waiting', 'held', 'succeeded', 'partial', 'failed']);
  expect(transfer.state).not.toBe('succeeded');
  // For what was cut, and for the files that wait for their names.
  expect(refused).toBeLessThanOrEqual(3);
});
