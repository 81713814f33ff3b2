/** One file to the server. */
import type { WriteResult } from '../transport.js';
import { serverPath } from './file-commands.js';
import type { FtpsSession } from './ftps-session.js';
import { beginTransfer } from './transfer.js';

/** As `write` of a transport: resolves when both channels have said that the file is complete. */
export async function writeFile(
  session: FtpsSession,
  path: string,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<WriteResult> {
  const { timeline } = session;
  const remote = serverPath(session, path, 'transfer');
  const { transfer, bytes } = await timeline.time('transfer', async (note) => {
    const transfer = await beginTransfer(session, {
      command: `STOR ${remote}`,
      step: 'transfer',
      action: `write ${path}`,
      bare550: 'permission_denied',
      signal,
    });
    try {
      const bytes = await transfer.send(source);
      note(`${bytes} bytes`);
      return { transfer, bytes };
    } catch (error) {
      transfer.dispose();
      throw error;
    }
  });
  await timeline.time('confirm', () => transfer.confirm());
  return { bytes };
}
