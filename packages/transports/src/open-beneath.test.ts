import { expect, test } from '@jest/globals';
import { localFailure } from './open-beneath.js';

test.each(['EMFILE', 'ENFILE'])(
  '%s is told as a limit of open files, and not as a fault of the disk',
  (code) => {
    const { kind, message } = localFailure(
      Object.assign(new Error(code), { code }),
      'transfer',
      'read /a.csv',
    );
    expect(kind).toBe('local_io');
    expect(message).toMatch(/^Could not read \/a\.csv in the local folder: too many files are open\. Raise/);
    expect(message).not.toContain('disk');
  },
);
