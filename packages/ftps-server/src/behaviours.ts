/** Ready-made pieces for scripts. Each is a function; whatever is missing is written in place, like these. */
import type { Answer, Behaviour, DropStyle, Turn } from './script.js';
import type { SessionView } from './session.js';

/**
 * A hook from a table, for `onCommand` ("SIZE") and `onReply` ("SIZE", or "RETR 226" for one code only);
 * "*" is for everything that is not in the table.
 */
export function answering(table: Record<string, Answer>) {
  const answers = new Map(Object.entries(table));
  return (_session: SessionView, verb: string, detail: string | { code: number }): Answer => {
    const withCode = typeof detail === 'string' ? undefined : answers.get(`${verb} ${detail.code}`);
    return withCode ?? answers.get(verb) ?? answers.get('*');
  };
}

/** Only the first `times` that it is asked; honest afterwards. */
export function onlyFirst(times: number, answer: Answer): Behaviour {
  let left = times;
  return async (turn) => {
    if (left <= 0) return turn.runDefault();
    left -= 1;
    if (answer === undefined || answer === 'default') return turn.runDefault();
    if (typeof answer === 'function') return answer(turn);
    if (Buffer.isBuffer(answer)) return turn.send(answer);
    for (const line of [answer].flat()) await turn.send(`${line}\r\n`);
  };
}

/** Says nothing, does nothing: the client waits. */
export const silence: Behaviour = () => {};

/** For `onReply`: the reply in as many writes as it has bytes. */
export function byteByByte(pauseMs = 1): Behaviour {
  return async (turn) => {
    for (const byte of turn.reply?.bytes ?? []) {
      await turn.send(Buffer.of(byte));
      await turn.wait(pauseMs);
    }
  };
}

/** For `onReply`: the reply in two writes. */
export function splitAt(offset: number, pauseMs = 50): Behaviour {
  return async (turn) => {
    const bytes = turn.reply?.bytes ?? Buffer.alloc(0);
    await turn.send(bytes.subarray(0, offset));
    await turn.wait(pauseMs);
    await turn.send(bytes.subarray(offset));
  };
}

/** What would have happened, when this is done: "a file appears, and then comes the honest reply". */
export function afterDoing(work: (turn: Turn) => unknown): Behaviour {
  return async (turn) => {
    await work(turn);
    await turn.runDefault();
  };
}

/** What would have happened, later. */
export function delayed(durationMs: number): Behaviour {
  return afterDoing((turn) => turn.wait(durationMs));
}

/** What would have happened, and then these lines. */
export function thenSend(...lines: string[]): Behaviour {
  return async (turn) => {
    await turn.runDefault();
    await turn.send(lines.map((line) => `${line}\r\n`).join(''));
  };
}

/** The control connection goes away in place of an answer. */
export function dropInstead(style: DropStyle): Behaviour {
  return (turn) => turn.drop(style);
}

/** The control connection goes away right after the answer. */
export function dropAfter(style: DropStyle): Behaviour {
  return async (turn) => {
    await turn.runDefault();
    turn.drop(style);
  };
}
