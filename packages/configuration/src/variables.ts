/** Variables that more than one process reads. */
import { z } from 'zod';

export const postgresUrl = z
  .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address', abort: true })
  .refine((text) => new URL(text).pathname.length > 1, {
    error: 'names no database; it looks like postgres://user:password@host:5432/database',
  });
export const redisUrl = z.url({ protocol: /^rediss?$/, error: 'must be a redis:// address' });
export const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s):// address' });
export const logLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info');

export interface LocalRoot {
  name: string;
  path: string;
}

/** Folders of this machine that local-folder endpoints may use: "name=/absolute/path" pairs with commas between. */
export const localRoots = z.string().transform((text, context) => {
  const roots: LocalRoot[] = [];
  for (const pair of text.split(',').map((part) => part.trim())) {
    if (pair === '') continue;
    const [, name, path] = /^([^=]{1,100})=(\/.*)$/.exec(pair) ?? [];
    if (name === undefined || path === undefined)
      context.addIssue({ code: 'custom', message: `"${pair}" is not name=/absolute/path` });
    else roots.push({ name: name.trim(), path });
  }
  return roots;
});
