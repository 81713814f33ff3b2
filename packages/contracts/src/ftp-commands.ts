/** The commands that an endpoint may have sent besides those that Waybill sends by itself. */
import { z } from 'zod';

/**
 * Parameters of SITE on z/OS (IBM z/OS Communications Server, User's Guide and Commands, "SITE subcommand"), of which
 * one SITE takes several. Not among them: FILETYPE=JES and FILETYPE=SQL, under which a file that is sent is run as a job
 * or a query, what belongs to those, and TRUNCATE, which cuts records short without a word.
 */
const ZOS_PARAMETER = [
  'FILETYPE=SEQ',
  '(?:RECFM|LRECL|BLKSIZE|BLOCKSIZE|PRIMARY|SECONDARY|DIRECTORY|UNIT|VOLUME|DATACLASS|MGMTCLASS|STORCLASS)=VALUE',
  '(?:SBDATACONN|MBDATACONN|ENCODING|RETPD|DSNTYPE|CONDDISP|CHKPTINT|UCSHOSTCS)=VALUE',
  'CYLINDERS|TRACKS|BLOCKS|(?:NO)?(?:RDW|TRAILINGBLANKS|WRAPRECORD|QUOTESOVERRIDE|AUTOMOUNT)|NOTRUNCATE',
]
  .join('|')
  .replaceAll('VALUE', String.raw`(?:[\w$#@.*+-]+|\([\w$#@.*+,-]+\))`);
/** A blank and a path without ways up, of characters that are the same in every character set. */
const PATH = String.raw`(?!.*[/ ]\.\.(?:/|$)) [!-\[\]-~](?:[ -\[\]-~]*[!-\[\]-~])?`;

/**
 * Settings of the session and of what is written in it; nothing that moves, removes or runs anything, and nothing
 * that Waybill's own commands rely on. SITE EXEC and its like are why this is a list of what is allowed. HOST is not
 * there: it has its place before USER (RFC 7151 section 3.1), and TLS names the host already (SNI).
 */
const ALLOWED = [
  new RegExp(`^SITE (?:${ZOS_PARAMETER})(?: (?:${ZOS_PARAMETER}))*$`, 'i'),
  // IBM i: 0 is its own naming of files and listings, 1 that of Unix.
  /^SITE (?:NAMEFMT|LISTFMT) [01]$/i,
  /^SITE UMASK 0?[0-7]{3}$/i,
  // No bits beyond those of owner, group and others.
  new RegExp(`^SITE CHMOD 0?[0-7]{3}${PATH}$`, 'i'),
  /^ALLO \d{1,18}$/i,
  /^CLNT [ -~]+$/i,
  /^NOOP$/i,
  /^PWD$/i,
  /^STAT$/i,
  /^SYST$/i,
];

export const ALLOWED_COMMANDS_TEXT =
  'SITE with settings of z/OS or IBM i, SITE UMASK, SITE CHMOD, ALLO, CLNT, NOOP, PWD, STAT or SYST';

export const ftpCommand = z
  .string()
  .trim()
  .max(200)
  .refine(
    (text) => ALLOWED.some((form) => form.test(text)),
    `is not a command that may be sent; it must be ${ALLOWED_COMMANDS_TEXT}`,
  );
