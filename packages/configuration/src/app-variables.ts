/**
 * What people may set for the API and for the worker, beside what those are told by whoever starts them. The launcher
 * and the command line read it too, so that every fault is told before anything is started.
 */
import { isIP } from 'node:net';
import { z } from 'zod';

const trustedProxies = z.string().transform((text, context) => {
  const proxies = text.split(',').map((part) => part.trim());
  for (const proxy of proxies)
    if (isIP(proxy.split('/')[0] ?? '') === 0)
      context.addIssue({ code: 'custom', message: `"${proxy}" is not an address or a range` });
  return proxies;
});

const addresses = z.string().transform((text, context) => {
  const list = text.split(',').map((part) => part.trim());
  for (const address of list)
    if (!z.email().safeParse(address).success)
      context.addIssue({ code: 'custom', message: `"${address}" is not an e-mail address` });
  return list;
});

const milliseconds = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

export const API_VARIABLES = {
  /** Proxies whose X-Forwarded-For is believed. */
  WAYBILL_TRUSTED_PROXIES: trustedProxies.default([]),
};

export const WORKER_VARIABLES = {
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// address' }).optional(),
  WAYBILL_MAIL_FROM: z.email('must be an e-mail address').optional(),
  /** Instead of every enabled administrator and operator. */
  WAYBILL_MAIL_TO: addresses.optional(),
  WAYBILL_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
  /** Most sessions that one transfer opens on an endpoint; more than one where it has many files. */
  WAYBILL_SESSIONS_PER_TRANSFER: z.coerce.number().int().min(1).max(16).default(4),
  /** A worker that is silent for this long has lost its transfers to another one. */
  WAYBILL_LEASE_MS: milliseconds(1000, 600_000).default(30_000),
  WAYBILL_SWEEP_MS: milliseconds(200, 600_000).default(2000),
  WAYBILL_RETRY_BASE_MS: milliseconds(10, 3_600_000).default(5000),
};

/** For `superRefine` of a schema that has the worker's variables. */
export function requireMailSender(
  values: { SMTP_URL?: string | undefined; WAYBILL_MAIL_FROM?: string | undefined },
  context: z.RefinementCtx,
): void {
  if (values.SMTP_URL !== undefined && values.WAYBILL_MAIL_FROM === undefined)
    context.addIssue({
      code: 'custom',
      path: ['WAYBILL_MAIL_FROM'],
      message: 'is not set, and SMTP_URL is; mail needs a sender',
    });
}
