/** Who is there: USER, PASS, QUIT (RFC 959). */
import { createHash, timingSafeEqual } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Refusal, reply } from '../reply.js';
import type { User } from '../server-options.js';
import type { CommandGroup } from './command.js';

export const loginCommands: CommandGroup = {
  USER: {
    needs: 'tls',
    run({ session }, argument) {
      if (argument === '') throw new Refusal(501, 'A user name is needed');
      session.userName = argument;
      session.loggedIn = false;
      return reply(331, 'Password, please');
    },
  },
  PASS: {
    needs: 'tls',
    async run(control, argument) {
      const { session, settings } = control;
      if (session.userName === null || session.loggedIn) throw new Refusal(503, 'USER first');
      if (isRight(settings.users, session.userName, argument)) {
        session.loggedIn = true;
        session.loginFailures = 0;
        control.report('logged_in', session.userName);
        return reply(230, 'Logged in');
      }
      control.report('login_failed', session.userName);
      session.userName = null;
      session.loginFailures += 1;
      await wait(settings.limits.loginFailureDelayMs, undefined, { ref: false });
      if (session.loginFailures < settings.limits.maxLoginFailures)
        return reply(530, 'Wrong user or password');
      control.closeAfterReply();
      return reply(421, 'Too many wrong passwords, closing the connection');
    },
  },
  QUIT: {
    needs: 'nothing',
    run(control) {
      control.closeAfterReply();
      return reply(221, 'Goodbye');
    },
  },
};

/** Compares in the same time for every wrong guess, whether the user exists or not. */
function isRight(users: User[], name: string, password: string): boolean {
  const user = users.find((one) => one.name === name);
  const equal = timingSafeEqual(digest(user?.password ?? ''), digest(password));
  return equal && user !== undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
