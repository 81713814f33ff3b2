/** What the server can do and how bytes are meant: FEAT, OPTS, TYPE, MODE, STRU and small talk. */
import { Refusal, reply } from '../reply.js';
import type { CommandGroup } from './command.js';

const FEATURES = [
  'AUTH TLS',
  'PBSZ',
  'PROT',
  'EPSV',
  'UTF8',
  'SIZE',
  'MDTM',
  'MFMT',
  'REST STREAM',
  'MLST type*;size*;modify*;perm*;',
  'HASH SHA-256*',
  'XSHA256',
  'TVFS',
  'CLNT',
];

export const parameterCommands: CommandGroup = {
  FEAT: { needs: 'nothing', run: () => reply(211, 'Features:', ...FEATURES, 'End') },
  HELP: { needs: 'nothing', run: () => reply(214, 'See FEAT') },
  NOOP: { needs: 'nothing', run: () => reply(200, 'Still here') },
  SYST: { needs: 'nothing', run: () => reply(215, 'UNIX Type: L8') },
  CLNT: { needs: 'nothing', run: () => reply(200, 'Pleased to meet you') },
  ALLO: { needs: 'login', run: () => reply(202, 'Not needed') },
  OPTS: {
    needs: 'nothing',
    run(_control, argument) {
      if (/^UTF-?8( ON)?$/i.test(argument)) return reply(200, 'Names are always UTF-8');
      if (/^HASH$/i.test(argument) || /^HASH SHA-256$/i.test(argument)) return reply(200, 'SHA-256');
      // The facts are always the same: the reply says which, as RFC 3659 section 7.9 allows.
      if (/^MLST( |$)/i.test(argument)) return reply(200, 'MLST OPTS type;size;modify;perm;');
      throw new Refusal(501, 'Option not known');
    },
  },
  TYPE: {
    needs: 'login',
    // Files are sent as they are in both types: whoever moves other people's files must not change a byte.
    run({ session }, argument) {
      if (!/^(A|A N|I|L 8)$/i.test(argument)) throw new Refusal(504, 'TYPE A or TYPE I');
      session.representation = /^A/i.test(argument) ? 'A' : 'I';
      return reply(200, `Type is ${session.representation}`);
    },
  },
  MODE: {
    needs: 'login',
    run(_control, argument) {
      if (!/^S$/i.test(argument)) throw new Refusal(504, 'MODE S is the only one');
      return reply(200, 'Mode is S');
    },
  },
  STRU: {
    needs: 'login',
    run(_control, argument) {
      if (!/^F$/i.test(argument)) throw new Refusal(504, 'STRU F is the only one');
      return reply(200, 'Structure is F');
    },
  },
};
