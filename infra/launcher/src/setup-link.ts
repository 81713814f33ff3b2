/** The one-time link with which the first administrator is made. */
export async function issueSetupLink(_databaseUrl: string, _consoleUrl: string): Promise<string | null> {
  return null;
}
