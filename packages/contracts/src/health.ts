import { z } from 'zod';

export const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
export const readiness = z
  .object({
    status: z.literal('ready'),
    checks: z.array(z.enum(['database', 'queue', 'migrations', 'worker'])),
  })
  .meta({ id: 'Readiness' });
