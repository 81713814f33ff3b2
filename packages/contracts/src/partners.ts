import { z } from 'zod';
import { pageOf, pageQuery } from './paging.js';
import { cutText, email, id, instant, line, name, note } from './text.js';

const tag = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9-]{0,29}$/, {
    error: ({ input }) =>
      `“${cutText(String(input), 30)}” is no tag: letters, digits and dashes only, 30 at most, no dash first`,
  });
const fields = {
  name,
  description: note.optional(),
  contactName: line.optional(),
  contactEmail: z.union([email, z.literal('')]).optional(),
  tags: z.array(tag).max(20).optional(),
};

export const partnerCreate = z.object(fields).meta({ id: 'PartnerCreate' });
export type PartnerCreate = z.infer<typeof partnerCreate>;

export const partnerUpdate = z.object(fields).partial().meta({ id: 'PartnerUpdate' });
export type PartnerUpdate = z.infer<typeof partnerUpdate>;

export const partner = z
  .object({
    id,
    name: z.string(),
    description: z.string(),
    contactName: z.string(),
    contactEmail: z.string(),
    tags: z.array(z.string()),
    endpointCount: z.number().int(),
    routeCount: z.number().int(),
    lastTransfer: z
      .object({ id, state: z.string(), createdAt: instant })
      .nullable()
      .describe('The newest transfer of any of its routes.'),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Partner' });
export type Partner = z.infer<typeof partner>;

export const partnerPage = pageOf(partner, 'PartnerPage');
export const partnerQuery = pageQuery.extend({
  search: z.string().trim().max(100).optional().describe('Part of the name.'),
  tag: z.string().max(30).optional(),
});
export type PartnerQuery = z.infer<typeof partnerQuery>;

/** The setting that remembers which endpoints the practice partner was registered with. */
export const practiceRegistration = z.object({ explicitId: id, implicitId: id });
