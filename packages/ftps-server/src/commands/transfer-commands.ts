/** Moving files: REST, RETR, STOR, APPE, ABOR (RFC 959, RFC 3659 section 5). */
import { CHUNK_BYTES, receiveContent, sendContent } from '../data-channel.js';
import { Refusal, reply, type Reply } from '../reply.js';
import { runTransfer } from '../run-transfer.js';
import type { CommandGroup, Control } from './command.js';

export const transferCommands: CommandGroup = {
  REST: {
    needs: 'login',
    run({ session }, argument) {
      if (!/^\d{1,15}$/.test(argument)) throw new Refusal(501, 'REST needs a number of bytes');
      session.restartAt = Number(argument);
      return reply(350, `The next transfer starts at ${session.restartAt}`);
    },
  },
  RETR: { needs: 'login', run: sendFile },
  STOR: { needs: 'login', run: (control, argument) => receiveFile(control, { verb: 'STOR', argument }) },
  APPE: { needs: 'login', run: (control, argument) => receiveFile(control, { verb: 'APPE', argument }) },
  // The transfer itself is ended as soon as ABOR is seen (control-connection.ts); this is what follows its 426.
  ABOR: { needs: 'login', run: () => reply(226, 'No transfer is running any more') },
};

async function sendFile(control: Control, argument: string): Promise<Reply | null> {
  const { root, session } = control;
  const start = takeRestart(control);
  const place = await root.locate(session.folder, argument);
  const file = await root.openForReading(place);
  try {
    const { size } = await file.stat();
    if (start > size) throw new Refusal(554, `REST ${start} is beyond the end of the file, ${size}`);
    return await runTransfer(control, {
      verb: 'RETR',
      path: place.path,
      direction: 'download',
      move: (channel, context) =>
        sendContent(
          channel,
          file.createReadStream({ start, autoClose: false, highWaterMark: CHUNK_BYTES }),
          context,
        ),
    });
  } finally {
    await file.close();
  }
}

async function receiveFile(
  control: Control,
  { verb, argument }: { verb: 'STOR' | 'APPE'; argument: string },
): Promise<Reply | null> {
  const { root, session } = control;
  const restartAt = takeRestart(control);
  const place = await root.locate(session.folder, argument);
  await root.examineFolder(await root.locate(place.path, '..'));
  return runTransfer(control, {
    verb,
    path: place.path,
    direction: 'upload',
    // Opened only when the data connection stands: a refused one must not leave an emptied file behind.
    move: async (channel, context) => {
      const file = await root.openForWriting(place);
      try {
        const { size } = await file.stat();
        const startBytes = verb === 'APPE' ? size : restartAt;
        if (startBytes > size)
          throw new Refusal(554, `REST ${startBytes} is beyond the end of the file, ${size}`);
        await file.truncate(startBytes);
        return await receiveContent(channel, { file, startBytes }, context);
      } finally {
        await file.close();
      }
    },
  });
}

/** REST counts for the very next transfer only. */
function takeRestart({ session }: Control): number {
  const { restartAt } = session;
  session.restartAt = 0;
  return restartAt;
}
