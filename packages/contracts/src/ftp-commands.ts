/** The commands that an endpoint may have sent besides those that Waybill sends by itself. */
import { z } from 'zod';

/**
 * Settings of the session and of what is written in it; nothing that moves, removes or runs anything, and nothing
 * that Waybill's own commands rely on. SITE EXEC and its like are why this is a list of what is allowed.
 */
const ALLOWED = [
  // z/OS (IBM z/OS Communications Server, FTP subcommands of SITE) and IBM i.
  /^SITE (?:RECFM|LRECL|BLKSIZE|BLOCKSIZE|PRIMARY|SECONDARY|CYLINDERS|TRACKS|BLOCKS|DIRECTORY|UNIT|VOLUME|DATACLASS|MGMTCLASS|STORCLASS|FILETYPE|RDW|TRAILINGBLANKS|WRAPRECORD|SBDATACONN|ENCODING|MBDATACONN|NAMEFMT|LISTFMT|RETPD|DSNTYPE|AUTOMOUNT|CONDDISP|CHKPTINT|JESLRECL|JESRECFM|NOTRUNCATE|TRUNCATE|NOWRAPRECORD|NORDW|NOTRAILINGBLANKS|UCSHOSTCS|QUOTESOVERRIDE|NOQUOTESOVERRIDE)\b[ -~]*$/i,
  /^SITE (?:UMASK [0-7]{3,4}|CHMOD [0-7]{3,4} [ -~]+)$/i,
  /^ALLO \d{1,18}$/i,
  /^CLNT [ -~]+$/i,
  /^HOST [ -~]+$/i,
  /^NOOP$/i,
  /^PWD$/i,
  /^STAT$/i,
  /^SYST$/i,
];

export const ALLOWED_COMMANDS_TEXT =
  'SITE with a setting of z/OS or IBM i, SITE UMASK, SITE CHMOD, ALLO, CLNT, HOST, NOOP, PWD, STAT or SYST';

export const ftpCommand = z
  .string()
  .trim()
  .max(200)
  .refine(
    (text) => ALLOWED.some((form) => form.test(text)),
    `is not a command that may be sent; it must be ${ALLOWED_COMMANDS_TEXT}`,
  );
