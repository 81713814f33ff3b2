/** Reads a password from a person or a pipe; never from the command line, where every user of the machine sees it. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

export class InputError extends Error {
  override readonly name = 'InputError';
}

/**
 * Asks twice on a terminal, without echo; else takes the first line of standard input.
 * @throws InputError where the two differ or nothing came
 */
export async function askPassword(): Promise<string> {
  if (!process.stdin.isTTY) {
    const line = (await text(process.stdin)).split(/\r?\n/, 1)[0] ?? '';
    if (line === '') throw new InputError('Give the password on standard input, as one line.');
    return line;
  }
  const first = await askHidden('Password: ');
  if (first !== (await askHidden('The same again: ')))
    throw new InputError('The two differ. Nothing was changed.');
  return first;
}

async function askHidden(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  // Ctrl-C at a prompt without echo would otherwise do nothing that can be seen.
  terminal.once('SIGINT', () => process.exit(130));
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
