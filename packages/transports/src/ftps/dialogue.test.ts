import { describe, expect, test } from '@jest/globals';
import { createDialogue } from './dialogue.js';

describe('the dialogue', () => {
  test('holds no password, whoever says it', () => {
    const dialogue = createDialogue(['hunter2']);
    dialogue.add('us', 'PASS hunter2');
    dialogue.add('us', 'ACCT 4711');
    dialogue.add('server', '530 The password hunter2 is wrong\r\n');
    expect(dialogue.lines().map(({ text }) => text)).toEqual([
      'PASS ****',
      'ACCT ****',
      '530 The password **** is wrong',
    ]);
  });

  test('is clean, and keeps its first and its last lines where there are many', () => {
    const dialogue = createDialogue([]);
    for (let index = 0; index < 5000; index += 1) dialogue.add('server', `200 ${index}\u001b`);
    const lines = dialogue.lines();
    expect(lines[0]?.text).toBe('200 0\\u{1b}');
    expect(lines.at(-1)?.text).toBe('200 4999\\u{1b}');
    const [gap = -1, ...others] = lines.flatMap(({ text }, index) => (text.startsWith('(') ? [index] : []));
    expect(others).toEqual([]);
    const leftOut = 5000 - (lines.length - 1);
    expect(lines[gap]?.text).toMatch(new RegExp(`^\\(${leftOut} lines with \\d+ bytes left out\\)$`));
    expect(lines[gap - 1]?.text).toBe(`200 ${gap - 1}\\u{1b}`);
    expect(lines[gap + 1]?.text).toBe(`200 ${gap + leftOut}\\u{1b}`);
    dialogue.add('server', 'x'.repeat(5000));
    expect(dialogue.lines().at(-1)?.text).toHaveLength(1000);
  });

  test.each(['x', '\u20ac', '\u0000'])('of long lines of %j is kept within 32 KiB', (character) => {
    const dialogue = createDialogue([]);
    for (let index = 0; index < 1000; index += 1) dialogue.add('server', `200 ${character.repeat(1000)}`);
    const bytes = Buffer.byteLength(JSON.stringify(dialogue.lines()));
    expect(bytes).toBeGreaterThan(24 * 1024);
    expect(bytes).toBeLessThan(32 * 1024);
  });
});
