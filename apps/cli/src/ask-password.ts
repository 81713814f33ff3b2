/** Reads a password from a person or a pipe; never from the command line, where every user of the machine sees it. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** More than any password is long; what is piped in may have no end. */
const MAX_LINE_BYTES = 4096;

export class InputError extends Error {
  override readonly name = 'InputError';
}

/**
 * Asks twice on a terminal, without echo; else takes the first line of standard input.
 * @throws InputError where the two differ or nothing came
 */
export async function askPassword(): Promise<string> {
  if (!process.stdin.isTTY) return readLine();
  const [first, second] = await askHidden(['Password: ', 'The same again: ']);
  if (first === undefined || first !== second) throw new InputError('The two differ. Nothing was changed.');
  return first;
}

async function readLine(): Promise<string> {
  let text = Buffer.alloc(0);
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    text = Buffer.concat([text, chunk]);
    if (text.includes('\n') || text.length > MAX_LINE_BYTES) break;
  }
  const line = text.toString('utf8').split(/\r?\n/, 1)[0] ?? '';
  if (line === '') throw new InputError('Give the password on standard input, as one line.');
  return line;
}

/** One terminal for all questions: between two of them it would show what is typed. */
async function askHidden(questions: string[]): Promise<string[]> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  const leave = (): never => {
    process.stderr.write('\n');
    process.exit(130);
  };
  // Ctrl-C, and Ctrl-D, which would otherwise leave the question without an answer for good.
  terminal.once('SIGINT', leave).once('close', leave);
  try {
    const answers: string[] = [];
    for (const question of questions) {
      process.stderr.write(question);
      answers.push(await new Promise((resolve) => terminal.once('line', resolve)));
      process.stderr.write('\n');
    }
    return answers;
  } finally {
    terminal.off('close', leave);
    terminal.close();
  }
}
