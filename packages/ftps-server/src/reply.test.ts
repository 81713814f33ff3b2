import { expect, test } from '@jest/globals';
import { formatReply, Refusal, reply, replyForError } from './reply.js';

test('one line, several lines', () => {
  expect(formatReply(reply(200, 'Fine'))).toBe('200 Fine\r\n');
  expect(formatReply(reply(211, 'Features:', 'SIZE', 'End'))).toBe('211-Features:\r\n SIZE\r\n211 End\r\n');
});

test('a line end within a text cannot start a new reply', () => {
  expect(formatReply(reply(257, '"a\r\n226 Done" created'))).toBe('257 "a  226 Done" created\r\n');
});

test('errors that a client may hear become replies, others do not', () => {
  expect(replyForError(new Refusal(522, 'No'))).toEqual({ code: 522, lines: ['No'] });
  expect(replyForError(Object.assign(new Error('x'), { code: 'ENOSPC' }))?.code).toBe(552);
  expect(replyForError(Object.assign(new Error('x'), { code: 'constructor' }))).toBeNull();
  expect(replyForError(new Error('secret path'))).toBeNull();
});
