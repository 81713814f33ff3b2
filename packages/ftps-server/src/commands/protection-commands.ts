/** Security of the connection: AUTH, PBSZ, PROT, CCC (RFC 2228, RFC 4217). */
import { Refusal, reply } from '../reply.js';
import type { CommandGroup } from './command.js';

export const protectionCommands: CommandGroup = {
  AUTH: {
    needs: 'nothing',
    async run(control, argument) {
      if (!/^(TLS|TLS-C|SSL)$/i.test(argument)) throw new Refusal(504, 'AUTH TLS is the only way');
      if (control.session.secure) throw new Refusal(534, 'The connection is already protected');
      await control.reply(reply(234, 'Start TLS'));
      await control.startTls();
      return null;
    },
  },
  PBSZ: {
    needs: 'nothing',
    run(control) {
      if (!control.session.secure) throw new Refusal(503, 'AUTH TLS first');
      control.session.bufferSizeAgreed = true;
      return reply(200, 'PBSZ=0');
    },
  },
  PROT: {
    needs: 'nothing',
    run(control, argument) {
      if (!control.session.bufferSizeAgreed) throw new Refusal(503, 'PBSZ first');
      const level = argument.toUpperCase();
      if (level === 'C') throw new Refusal(534, 'Data connections must be protected: use PROT P');
      if (level === 'S' || level === 'E') throw new Refusal(536, 'TLS knows PROT P only');
      if (level !== 'P') throw new Refusal(504, 'Unknown protection level');
      control.session.protection = 'P';
      return reply(200, 'Data connections are protected');
    },
  },
  CCC: {
    needs: 'tls',
    run() {
      throw new Refusal(534, 'The control connection stays protected');
    },
  },
};
