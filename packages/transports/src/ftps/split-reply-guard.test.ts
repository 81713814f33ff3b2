import { describe, expect, test } from '@jest/globals';
import { FTPContext } from 'basic-ftp';
import { guardReplies } from './split-reply-guard.js';

/** What the socket does with a chunk that arrives. */
function arrive(ftp: FTPContext, chunk: string): void {
  (ftp as unknown as { _onControlSocketData(chunk: string): void })._onControlSocketData(chunk);
}

describe('the reply guard', () => {
  /** What is told when these chunks arrive one by one. */
  function repliesFor(chunks: string[]): string[] {
    const ftp = new FTPContext();
    const got: string[] = [];
    guardReplies(ftp, { onReply: ({ message }) => got.push(message), onFault: () => got.push('fault') });
    for (const chunk of chunks) arrive(ftp, chunk);
    return got;
  }

  const whole = '211-Features:\r\n SIZE\r\n MDTM\r\n211 End\r\n';
  test('gives the same reply wherever it is split', () => {
    for (let at = 1; at < whole.length; at += 1) {
      expect(repliesFor([whole.slice(0, at), whole.slice(at)])).toEqual([
        '211-Features:\n SIZE\n MDTM\n211 End',
      ]);
    }
    expect(repliesFor([...'213 1000000\r\n'])).toEqual(['213 1000000']);
  });

  test('gives every reply of a read by itself, also those that nobody waits for', () => {
    const replies = '213 5\r\n250-Listing\r\n213 not an end\r\n250 End\r\n226\r\n550-No\r\n550 Never\r\n';
    const got = ['213 5', '250-Listing\n213 not an end\n250 End', '226', '550-No\n550 Never'];
    expect(repliesFor([replies])).toEqual(got);
    expect(repliesFor([...replies])).toEqual(got);
    const many = Array.from({ length: 1000 }, (_, index) => `200 ${index}`);
    expect(repliesFor([`${many.join('\r\n')}\r\n`])).toEqual(many);
  });

  test('passes over what is no reply, and what is blank, and logs every line as it comes', () => {
    const ftp = new FTPContext();
    const seen: string[] = [];
    ftp.log = (line) => seen.push(line);
    guardReplies(ftp, {
      onReply: ({ message }) => seen.push(message),
      onFault: () => seen.push('fault'),
    });
    for (const chunk of ['SSH-2.0\r\n22', '0-Hi\r\n\r\n', '226 No end\n220-\n220\r\n', '2201 No\n'])
      arrive(ftp, chunk);
    const lines = ['< SSH-2.0', '< 220-Hi', '< ', '< 226 No end', '< 220-', '< 220'];
    expect(seen).toEqual([...lines, '220-Hi\n226 No end\n220-\n220', '< 2201 No']);
  });

  test('reads a reply in one go, however many pieces it comes in', () => {
    const lines = Array.from({ length: 30_000 }, () => 'a\n');
    const started = performance.now();
    const [reply, ...others] = repliesFor(['213-x\n', ...lines, '213 End\n']);
    expect(performance.now() - started).toBeLessThan(2000);
    expect(reply).toBe(`213-x\n${lines.join('')}213 End`);
    expect(others).toEqual([]);
  });

  test.each([
    ['blank lines in a reply', ['213-x\n', ...Array.from({ length: 70_000 }, () => '\n')]],
    ['lines that are no reply', Array.from({ length: 70_000 }, () => 'x\n')],
    ['a line', ['213 ', 'x'.repeat(40_000), `${'x'.repeat(40_000)}\n`]],
  ])('gives the connection up for %s without end', (_what, chunks) => {
    expect(repliesFor([...chunks, '213 End\n'])).toEqual(['fault']);
  });

  test('gives nothing more once the connection was given up', () => {
    const ftp = new FTPContext();
    const got: string[] = [];
    guardReplies(ftp, {
      onReply: ({ message }) => {
        got.push(message);
        ftp.closeWithError(new Error('enough'));
      },
      onFault: (fault) => got.push((fault as Error).message),
    });
    arrive(ftp, '200 a\r\n200 b\r\n');
    expect(got).toEqual(['200 a', 'enough']);
  });
});
