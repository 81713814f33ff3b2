/** Files without moving their bytes: SIZE, MDTM, MFMT, RNFR, RNTO, DELE (RFC 959, RFC 3659, draft MFMT). */
import { rename, unlink, utimes } from 'node:fs/promises';
import { formatInstant, parseInstant } from '../listing-format.js';
import { Refusal, reply } from '../reply.js';
import type { CommandGroup } from './command.js';

export const fileCommands: CommandGroup = {
  SIZE: {
    needs: 'login',
    async run({ root, session }, argument) {
      // RFC 3659 section 4: the size in TYPE A would be that after conversion. Nothing is converted here, but
      // clients that ask in TYPE A expect the refusal.
      if (session.representation === 'A') throw new Refusal(550, 'SIZE needs TYPE I');
      const { size } = await root.examineFile(await root.locate(session.folder, argument));
      return reply(213, String(size));
    },
  },
  MDTM: {
    needs: 'login',
    async run({ root, session }, argument) {
      const { mtime } = await root.examineFile(await root.locate(session.folder, argument));
      return reply(213, formatInstant(mtime));
    },
  },
  MFMT: {
    needs: 'login',
    async run({ root, session }, argument) {
      const space = argument.indexOf(' ');
      const modifiedAt = parseInstant(argument.slice(0, Math.max(space, 0)));
      if (!modifiedAt) throw new Refusal(501, 'MFMT YYYYMMDDHHMMSS path');
      const place = await root.locate(session.folder, argument.slice(space + 1));
      await root.examine(place);
      await utimes(place.diskPath, modifiedAt, modifiedAt);
      return reply(213, `Modify=${formatInstant(modifiedAt)}; ${place.path}`);
    },
  },
  RNFR: {
    needs: 'login',
    async run({ root, session }, argument) {
      const place = await root.locate(session.folder, argument);
      await root.examine(place);
      if (place.path === '/') throw new Refusal(550, 'The root stays');
      session.renameFrom = place.path;
      return reply(350, 'RNTO next');
    },
  },
  RNTO: {
    needs: 'login',
    async run({ root, session }, argument) {
      if (session.renameFrom === null) throw new Refusal(503, 'RNFR first');
      const from = await root.locate('/', session.renameFrom);
      session.renameFrom = null;
      await root.examine(from);
      const to = await root.locate(session.folder, argument);
      await rename(from.diskPath, to.diskPath);
      return reply(250, 'Renamed');
    },
  },
  DELE: {
    needs: 'login',
    async run({ root, session }, argument) {
      const place = await root.locate(session.folder, argument);
      await root.examineFile(place);
      await unlink(place.diskPath);
      return reply(250, 'Deleted');
    },
  },
};
