import { z } from 'zod';
import { pageOf } from './paging.js';
import { id, instant, line, port } from './text.js';

const isRange = (text: string): boolean =>
  z.cidrv4().safeParse(text).success || z.cidrv6().safeParse(text).success;

export const networkAllowCreate = z
  .object({
    cidr: z
      .string()
      .max(50)
      .refine(isRange, 'must be a range, as in 10.20.0.0/16 or fd00::/8')
      .describe('As in 10.20.0.0/16 or 127.0.0.1/32.'),
    fromPort: port,
    toPort: port,
    note: line.optional(),
  })
  .refine((range) => range.fromPort <= range.toPort, {
    path: ['toPort'],
    message: 'must not be below fromPort',
  })
  .meta({ id: 'NetworkAllowCreate' });
export type NetworkAllowCreate = z.infer<typeof networkAllowCreate>;

export const networkAllow = z
  .object({
    id,
    cidr: z.string(),
    fromPort: z.number().int(),
    toPort: z.number().int(),
    note: z.string(),
    createdAt: instant,
  })
  .meta({ id: 'NetworkAllow' });
export type NetworkAllow = z.infer<typeof networkAllow>;
export const networkAllowPage = pageOf(networkAllow, 'NetworkAllowPage');
