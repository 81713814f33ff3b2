import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findTool } from './find-tool.js';

const runFile = promisify(execFile);

/** A password for the user files of ProFTPD and Pure-FTPd: crypt(3) with SHA-512, cheap to check. */
export async function hashPassword(password: string): Promise<string> {
  const { stdout } = await runFile(findTool('openssl'), ['passwd', '-6', password]);
  return stdout.trim();
}
