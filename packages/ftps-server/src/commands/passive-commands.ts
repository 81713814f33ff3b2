/** How data connections come about: EPSV (RFC 2428), PASV (RFC 959); never from here to the client. */
import { isIPv4, isIPv6 } from 'node:net';
import { PassiveListener } from '../passive-listener.js';
import { Refusal, reply } from '../reply.js';
import type { Command, CommandGroup, Control } from './command.js';

const refuseActiveMode: Command = {
  needs: 'login',
  run() {
    throw new Refusal(502, 'Active mode is not offered: use EPSV or PASV');
  },
};

export const passiveCommands: CommandGroup = {
  EPSV: {
    needs: 'login',
    async run(control, argument) {
      const { session } = control;
      if (/^ALL$/i.test(argument)) {
        session.epsvOnly = true;
        return reply(200, 'EPSV only from now on');
      }
      const family = isIPv6(session.localAddress) ? '2' : '1';
      if (argument !== '' && argument !== family)
        throw new Refusal(522, `Network protocol not supported, use (${family})`);
      const { port } = await listen(control);
      return reply(229, `Entering Extended Passive Mode (|||${port}|)`);
    },
  },
  PASV: {
    needs: 'login',
    async run(control) {
      const { localAddress, epsvOnly } = control.session;
      if (epsvOnly) throw new Refusal(503, 'EPSV ALL was said');
      if (!isIPv4(localAddress)) throw new Refusal(425, 'Use EPSV on IPv6');
      const { port } = await listen(control);
      const numbers = [...localAddress.split('.'), port >> 8, port & 0xff].join(',');
      return reply(227, `Entering Passive Mode (${numbers})`);
    },
  },
  EPRT: refuseActiveMode,
  PORT: refuseActiveMode,
};

async function listen({ session, settings }: Control): Promise<PassiveListener> {
  session.passive?.close();
  session.passive = null;
  session.passive = await PassiveListener.open({
    host: session.localAddress,
    remoteAddress: session.remoteAddress,
    ports: settings.passivePorts,
  });
  return session.passive;
}
