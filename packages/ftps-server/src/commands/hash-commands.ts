/** Proof that the bytes arrived: HASH (draft-bryan-ftpext-hash) and XSHA256, which older clients use. */
import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { CHUNK_BYTES } from '../data-channel.js';
import { Refusal, reply } from '../reply.js';
import type { Place } from '../root-folder.js';
import type { CommandGroup, Control } from './command.js';

export const hashCommands: CommandGroup = {
  HASH: {
    needs: 'login',
    async run(control, argument) {
      const { root, session } = control;
      const place = await root.locate(session.folder, argument);
      const { size } = await root.examineFile(place);
      return reply(213, `SHA-256 0-${size} ${await hashFile(control, place)} ${place.path}`);
    },
  },
  XSHA256: {
    needs: 'login',
    async run(control, argument) {
      // "path" in quotes may be followed by start and end.
      const match = /^"([^"]+)"(?: (\d{1,15})(?: (\d{1,15}))?)?$/.exec(argument);
      const place = await control.root.locate(control.session.folder, match?.[1] ?? argument);
      const start = Number(match?.[2] ?? 0);
      const end = match?.[3] === undefined ? undefined : Number(match[3]);
      if (end !== undefined && end <= start) throw new Refusal(501, 'The end must be after the start');
      const hash = await hashFile(control, place, { start, end: end === undefined ? undefined : end - 1 });
      return reply(250, hash.toUpperCase());
    },
  },
};

/** SHA-256 in lower-case hex; `end` is inclusive. */
async function hashFile(
  { root }: Control,
  place: Place,
  range: { start: number; end: number | undefined } = { start: 0, end: undefined },
): Promise<string> {
  const file = await root.openForReading(place);
  const hash = createHash('sha256');
  const end = range.end ?? Number.POSITIVE_INFINITY;
  await pipeline(file.createReadStream({ start: range.start, end, highWaterMark: CHUNK_BYTES }), hash);
  return hash.digest('hex');
}
