import { z } from 'zod';
import { pageOf } from './paging.js';
import { id, instant, line, port } from './text.js';

/** One address is the range of that address alone. */
function asRange(text: string): string {
  if (z.ipv4().safeParse(text).success) return `${text}/32`;
  return z.ipv6().safeParse(text).success ? `${text}/128` : text;
}

const isRange = (text: string): boolean =>
  z.cidrv4().safeParse(text).success || z.cidrv6().safeParse(text).success;

export const networkAllowCreate = z
  .object({
    cidr: z
      .string()
      .trim()
      .max(50)
      .overwrite(asRange)
      .refine(isRange, 'must be an address or a range, as in 10.20.1.5 or 10.20.0.0/16')
      .describe('An address or a range, as in 10.20.1.5 or 10.20.0.0/16.'),
    fromPort: port,
    toPort: port,
    note: line.optional(),
  })
  .refine((range) => range.fromPort <= range.toPort, {
    path: ['toPort'],
    message: 'must not be below the first port',
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
