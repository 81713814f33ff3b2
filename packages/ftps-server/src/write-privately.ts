/** Writes a file that only its owner may read (0600), whole or not at all. */
import { randomBytes } from 'node:crypto';
import { open, rename } from 'node:fs/promises';

export async function writePrivately(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.new`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
