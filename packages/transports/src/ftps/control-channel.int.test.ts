import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertFails } from '../test-support/assert-fails.js';
import { quiet } from '../test-support/open-for-test.js';
import { ControlChannel } from './control-channel.js';
import { createDialogue } from './dialogue.js';

const toEnd: (() => void)[] = [];
afterEach(() => {
  for (const end of toEnd.splice(0)) end();
});

/** A channel to a server of a few lines, which is told what to do with each read. */
async function open(answer: (read: string, socket: Socket) => void, { mayPipeline = true } = {}) {
  const reads: string[] = [];
  const server = createServer((socket) => {
    toEnd.push(() => socket.destroy());
    socket.setNoDelay(true);
    socket.on('data', (data) => {
      reads.push(data.toString());
      answer(data.toString(), socket);
    });
  });
  toEnd.push(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  const dialogue = createDialogue([]);
  const channel = new ControlChannel(dialogue, quiet);
  channel.attach(socket);
  channel.mayPipeline = mayPipeline;
  toEnd.push(() => socket.destroy());
  const said = () => dialogue.lines().map(({ from, text }) => `${from === 'us' ? '>' : '<'} ${text}`);
  return { channel, reads, said };
}

const limits = { step: 'verify', timeoutMs: 30_000 } as const;
const ask = (channel: ControlChannel, ...commands: string[]) =>
  Promise.all(commands.map((command) => channel.command(command, limits)));

describe('commands that are given together', () => {
  test('leave in one write, and each gets its own answer', async () => {
    const { channel, reads, said } = await open((_read, socket) => {
      socket.write('213 5\r\n213-20260101000000\r\n213 it was\r\n550 No\r\n');
    });
    const replies = await ask(channel, 'SIZE a', 'MDTM a', 'SIZE b');
    expect(reads).toEqual(['SIZE a\r\nMDTM a\r\nSIZE b\r\n']);
    expect(replies.map(({ code }) => code)).toEqual([213, 213, 550]);
    expect(replies[1]?.message).toBe('213-20260101000000\n213 it was');
    expect(said()).toEqual([
      '> SIZE a',
      '> MDTM a',
      '> SIZE b',
      '< 213 5',
      '< 213-20260101000000',
      '< 213 it was',
      '< 550 No',
    ]);
    expect(channel.usable).toBe(true);
  });

  test('leave one by one where the server may lose them', async () => {
    const { channel, reads } = await open((_read, socket) => void socket.write('213 5\r\n'), {
      mayPipeline: false,
    });
    await ask(channel, 'SIZE a', 'MDTM a');
    expect(reads).toEqual(['SIZE a\r\n', 'MDTM a\r\n']);
  });

  test('are answered once each: one reply more ends the session', async () => {
    const { channel } = await open((_read, socket) => {
      socket.write('213 5\r\n213 20260101000000\r\n226 Done\r\n');
    });
    await ask(channel, 'SIZE a', 'MDTM a');
    expect(channel.usable).toBe(false);
    expect(channel.unusableBecause).toContain('226 Done');
    await assertFails(channel.command('NOOP', limits), 'connection_lost');
  });

  test('all fail when the connection is lost before the last was answered', async () => {
    const { channel } = await open((_read, socket) => socket.end('213 5\r\n'));
    const [first, second, third] = await Promise.allSettled(
      ['SIZE a', 'MDTM a', 'SIZE b'].map((command) => channel.command(command, limits)),
    );
    expect(first).toMatchObject({ status: 'fulfilled' });
    for (const lost of [second, third])
      expect(lost).toMatchObject({ status: 'rejected', reason: { kind: 'connection_lost' } });
    expect(channel.usable).toBe(false);
  });

  test.each(['login', 'verify'] as const)(
    'at which the server ends the connection, are told of at login only (%s)',
    async (step) => {
      const { channel } = await open((_read, socket) => socket.destroy());
      let lost = 0;
      channel.onPipelinedLost = () => (lost += 1);
      const asked = ['OPTS UTF8 ON', 'TYPE I'].map((text) => channel.command(text, { ...limits, step }));
      for (const work of await Promise.allSettled(asked)) expect(work.status).toBe('rejected');
      expect(lost).toBe(step === 'login' ? 1 : 0);
    },
  );

  test('of which a later one stays unanswered, are told of: the server may have lost it', async () => {
    for (const mayPipeline of [true, false]) {
      const { channel } = await open(
        (read, socket) => void (read.startsWith('SIZE') && socket.write('213 5\r\n')),
        { mayPipeline },
      );
      let lost = 0;
      channel.onPipelinedLost = () => (lost += 1);
      const [, dated] = await Promise.allSettled([
        channel.command('SIZE a', { step: 'verify', timeoutMs: 60_000 }),
        channel.command('MDTM a', { step: 'verify', timeoutMs: 200 }),
      ]);
      expect(dated).toMatchObject({ status: 'rejected', reason: { kind: 'stalled' } });
      expect(lost).toBe(mayPipeline ? 1 : 0);
    }
  });
});

test('a reply that comes before its command has left is no answer to it, and the command stays here', async () => {
  const { channel, reads } = await open((_read, socket) => void socket.write('213 5\r\n213 6\r\n'), {
    mayPipeline: false,
  });
  const [, second] = await Promise.allSettled([
    channel.command('SIZE a', limits),
    channel.command('SIZE b', limits),
  ]);
  expect(second).toMatchObject({ status: 'rejected', reason: { kind: 'connection_lost' } });
  expect(reads).toEqual(['SIZE a\r\n']);
  expect(channel.usable).toBe(false);
});

describe('replies that end no command', () => {
  const closed = async (channel: ControlChannel) => {
    for (const end = Date.now() + 15_000; !channel.ftp.closed && Date.now() < end;) await sleep(10);
    return channel.ftp.closed;
  };

  test('are waited through while they are some', async () => {
    const { channel } = await open(
      (_read, socket) => void socket.write(`${'150 Wait\r\n'.repeat(900)}213 5\r\n`),
    );
    for (let round = 0; round < 3; round += 1) expect((await ask(channel, 'SIZE a'))[0]?.code).toBe(213);
    expect(channel.usable).toBe(true);
  });

  test('end the session where they do not end', async () => {
    const { channel } = await open((_read, socket) => void socket.write('150 Wait\r\n'.repeat(1001)));
    const error = await assertFails(channel.command('SIZE a', limits), 'protocol_error');
    expect(error.message).toMatch(/1000 replies in a row/);
    expect(await closed(channel)).toBe(true);
  });

  test('end it too where nobody has asked for them', async () => {
    const { channel } = await open(
      (_read, socket) => void socket.write(`213 5\r\n${'226 Done\r\n'.repeat(1001)}`),
    );
    await ask(channel, 'SIZE a');
    expect(await closed(channel)).toBe(true);
    expect(channel.unusableBecause).toContain('226 Done');
  });

  test('end it where NOOP is answered without end, and not where it is answered a thousand times', async () => {
    let times = 1;
    const { channel } = await open((read, socket) => {
      for (const line of read.trim().split('\r\n'))
        socket.write(line === 'NOOP' ? '200 Here\r\n'.repeat(times) : '150 Go on\r\n');
    });
    const begun = Promise.withResolvers<void>();
    const transfer = channel.commandUntimed('STOR a', 'transfer', () => begun.resolve());
    await begun.promise;
    for (let said = 0; said < 2000; said += 1) channel.sendNoop();
    await sleep(500);
    expect(channel.usable).toBe(true);
    times = 3000;
    channel.sendNoop();
    await assertFails(transfer, 'protocol_error');
    expect(await closed(channel)).toBe(true);
  });
});

describe('NOOP while a transfer runs', () => {
  /** A server that ends the transfer when NOOP comes, before it answers that; `answered` is what NOOP gets. */
  const withTransfer = async (answered: string) => {
    const { channel, reads, said } = await open((read, socket) => {
      for (const line of read.trim().split('\r\n')) {
        if (line.startsWith('STOR')) socket.write('150 Go on\r\n');
        if (line === 'NOOP') setTimeout(() => socket.write(`226 Done\r\n${answered}`), 50);
        if (line === 'PWD') socket.write('257 "/"\r\n');
        if (line.startsWith('SIZE')) socket.write('213 5\r\n');
        if (line.startsWith('OPTS')) socket.write('200 As you like\r\n');
      }
    });
    const begun = Promise.withResolvers<void>();
    const transfer = channel.commandUntimed('STOR a', 'transfer', () => begun.resolve());
    await begun.promise;
    channel.sendNoop();
    return { channel, reads, said, transfer };
  };

  test.each([
    ['after the transfer', '200 Still here\r\n'],
    ['with a no', '500 Unknown\r\n'],
    ['never', ''],
  ])('is answered %s, and what is asked for meanwhile gets its own answers', async (_when, answered) => {
    const { channel, reads, transfer } = await withTransfer(answered);
    const later = ask(channel, 'SIZE a', 'OPTS x', 'SIZE b');
    expect((await transfer).code).toBe(226);
    expect((await later).map(({ code }) => code)).toEqual([213, 200, 213]);
    expect(reads.join('')).toBe('STOR a\r\nNOOP\r\nPWD\r\nSIZE a\r\nOPTS x\r\nSIZE b\r\n');
    expect(channel.usable).toBe(true);
  });

  test('is not said where no transfer runs, nor beside another command', async () => {
    const { channel, reads } = await open((_read, socket) => void socket.write('213 5\r\n'));
    channel.sendNoop();
    const asked = ask(channel, 'SIZE a');
    channel.sendNoop();
    await asked;
    channel.sendNoop();
    expect(reads.join('')).toBe('SIZE a\r\n');
    expect(channel.usable).toBe(true);
  });
});
