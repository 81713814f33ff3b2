/** The one-time link with which the first administrator is made. */
import { openDatabase } from '@waybill/db/client.js';
import { inTransaction } from '@waybill/db/transaction.js';
import { issueSetupToken } from '@waybill/domain/access/set-up.js';

/**
 * A fresh link, in place of those before it; null once there is an administrator.
 * @param databaseUrl of the role of the API
 */
export async function issueSetupLink(databaseUrl: string, consoleUrl: string): Promise<string | null> {
  const database = openDatabase(databaseUrl, { poolSize: 1, applicationName: 'waybill launcher' });
  try {
    const issued = await inTransaction(database, issueSetupToken);
    // In the fragment, which browsers keep to themselves: no server and no log gets to see it.
    return issued && `${consoleUrl}/set-up#token=${issued.token}`;
  } finally {
    await database.$disconnect();
  }
}
