import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { fieldMessage } from './field-message.js';

const schema = z.object({
  port: z.number().int().max(65_535),
  when: z.iso.datetime(),
  who: z.email(),
  tags: z.array(z.string()).max(1),
  name: z.string().min(3),
  mode: z.enum(['a', 'b']),
  own: z.string().min(1, 'must not be empty'),
});

/** The messages by field. */
function messagesOf(input: unknown): Record<string, string> {
  const result = schema.safeParse(input, { error: fieldMessage });
  return Object.fromEntries(result.error?.issues.map((issue) => [issue.path.join('.'), issue.message]) ?? []);
}

test('a field that is missing is told to be needed', () => {
  expect(new Set(Object.values(messagesOf({})))).toEqual(new Set(['is needed']));
});

test('each message follows the name of its field', () => {
  const input = { port: 70_000, when: 'today', who: 'me', tags: ['a', 'b'], name: 'x', mode: 'c', own: '' };
  expect(messagesOf(input)).toEqual({
    port: 'must be 65535 at most',
    when: 'must be an instant in UTC, as in 2026-11-21T06:00:00Z',
    who: 'is not an e-mail address',
    tags: 'must have 1 entry at most',
    name: 'must have 3 characters at least',
    mode: 'must be a or b',
    own: 'must not be empty',
  });
  expect(messagesOf({ ...input, port: 1.5 }).port).toBe('must be a whole number');
  expect(messagesOf({ ...input, tags: 'a' }).tags).toBe('must be a list');
});

test('what is one of several kinds names them', () => {
  const kinds = z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('file') }),
    z.object({ kind: z.literal('folder') }),
  ]);
  const issueOf = (input: unknown) => kinds.safeParse(input, { error: fieldMessage }).error?.issues[0];
  for (const input of [{}, { kind: 'link' }])
    expect(issueOf(input)).toMatchObject({ path: ['kind'], message: 'must be file or folder' });
});
