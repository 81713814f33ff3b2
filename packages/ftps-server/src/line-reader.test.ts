import { expect, test } from '@jest/globals';
import { LineReader, LineTooLong, MAX_LINE_BYTES, parseCommand } from './line-reader.js';

test('lines come out whole however the bytes are cut', () => {
  const bytes = Buffer.from('USER ü\r\nPASS x\r\nNO');
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const reader = new LineReader();
    const lines = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))];
    expect(lines).toEqual(['USER ü', 'PASS x']);
    expect(reader.clear()).toBe(2);
  }
});

test('a bare LF ends a line, an empty line is a line', () => {
  expect(new LineReader().push(Buffer.from('NOOP\n\r\n'))).toEqual(['NOOP', '']);
});

test('a line that is not UTF-8 is told apart from text', () => {
  expect(new LineReader().push(Buffer.from([0x52, 0xc3, 0x28, 0x0a]))).toEqual([null]);
});

test('the Telnet signals before ABOR are dropped', () => {
  const bytes = Buffer.concat([Buffer.from([0xff, 0xf4, 0xff, 0xf2]), Buffer.from('ABOR\r\n')]);
  expect(new LineReader().push(bytes)).toEqual(['ABOR']);
});

test('a line without end is refused at the cap, also when it comes in pieces', () => {
  expect(() => new LineReader().push(Buffer.alloc(MAX_LINE_BYTES, 65))).toThrow(LineTooLong);
  const reader = new LineReader();
  reader.push(Buffer.alloc(MAX_LINE_BYTES - 1, 65));
  expect(() => reader.push(Buffer.from('A'))).toThrow(LineTooLong);
});

test('a command is a verb in upper case and all that follows the first space', () => {
  expect(parseCommand('stor  a b ')).toEqual({ verb: 'STOR', argument: ' a b ' });
  expect(parseCommand('quit')).toEqual({ verb: 'QUIT', argument: '' });
});
