/** Who is told when something goes wrong. */
import type { Tx } from '@waybill/db/transaction.js';

/** How mail is set up; where there is none, nobody is told by mail. */
export interface MailPolicy {
  /** Fixed recipients; null for every enabled administrator and operator. */
  to: string[] | null;
  /** Where people open the console, for the link in the message; null where that is not known. */
  consoleUrl: string | null;
}

export async function findRecipients(tx: Tx, mail: MailPolicy): Promise<string[]> {
  if (mail.to !== null) return mail.to;
  const users = await tx.user.findMany({
    where: { disabledAt: null, role: { in: ['administrator', 'operator'] } },
    select: { email: true },
    orderBy: { email: 'asc' },
  });
  return users.map((user) => user.email);
}
