/** The commands that the endpoint has sent before a session ends. */
import { asTransportError } from '../transport-error.js';
import type { FtpsSession } from './ftps-session.js';
import { sendExtraCommand } from './send-extra-command.js';

/** Sends them while the session can be used; what becomes of them is a note in the timeline. Never throws. */
export async function sayLastCommands(session: FtpsSession): Promise<void> {
  const commands = session.endpoint.settings.commandsBeforeQuit;
  if (commands.length === 0 || !session.channel.usable) return;
  await session.timeline.time('cleanup', async (note) => {
    for (const command of commands) {
      try {
        const refusal = await sendExtraCommand(session, command, 'cleanup');
        if (refusal !== null) return note(refusal.message);
      } catch (error) {
        return note(asTransportError(error, 'cleanup').message);
      }
    }
    note(commands.join(', '));
  });
}
