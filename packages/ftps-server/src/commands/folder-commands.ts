/** Where the client is, and folders: PWD, CWD, CDUP, MKD, RMD (RFC 959). */
import { mkdir, rmdir } from 'node:fs/promises';
import { Refusal, reply, type Reply } from '../reply.js';
import type { Command, CommandGroup, Control } from './command.js';

export const folderCommands: CommandGroup = withOldNames({
  PWD: { needs: 'login', run: ({ session }) => reply(257, `${quote(session.folder)} is where you are`) },
  CWD: { needs: 'login', run: enterFolder },
  CDUP: { needs: 'login', run: (control) => enterFolder(control, '..') },
  MKD: {
    needs: 'login',
    async run({ root, session }, argument) {
      const place = await root.locate(session.folder, argument);
      await mkdir(place.diskPath, { mode: 0o750 });
      return reply(257, `${quote(place.path)} created`);
    },
  },
  RMD: {
    needs: 'login',
    async run({ root, session }, argument) {
      const place = await root.locate(session.folder, argument);
      await root.examineFolder(place);
      if (place.path === '/') throw new Refusal(550, 'The root stays');
      await rmdir(place.diskPath);
      return reply(250, 'Folder removed');
    },
  },
});

async function enterFolder({ root, session }: Control, argument: string): Promise<Reply> {
  const place = await root.locate(session.folder, argument);
  await root.examineFolder(place);
  session.folder = place.path;
  return reply(250, 'Folder changed');
}

/** RFC 959 appendix II: quotes within a path are doubled. */
function quote(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}

/** The experimental names of RFC 775, which some clients still use. */
function withOldNames(group: Record<'PWD' | 'CWD' | 'CDUP' | 'MKD' | 'RMD', Command>): CommandGroup {
  const { PWD, CWD, CDUP, MKD, RMD } = group;
  return { ...group, XPWD: PWD, XCWD: CWD, XCUP: CDUP, XMKD: MKD, XRMD: RMD };
}
