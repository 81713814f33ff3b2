/** The servers that are played, as servers of the suite, and what each lacks. */
import type { FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import { awsTransfer } from '@waybill/ftps-server/played/aws-transfer.js';
import { cerberus } from '@waybill/ftps-server/played/cerberus.js';
import { fileZillaServer } from '@waybill/ftps-server/played/filezilla-server.js';
import { globalscapeEft } from '@waybill/ftps-server/played/globalscape-eft.js';
import { ibmI } from '@waybill/ftps-server/played/ibm-i.js';
import { iis } from '@waybill/ftps-server/played/iis.js';
import type { PlayedServer } from '@waybill/ftps-server/played/played-server.js';
import { servU } from '@waybill/ftps-server/played/serv-u.js';
import { zos } from '@waybill/ftps-server/played/zos.js';
import { CannotStart, type Lack } from './feature.js';
import type { TestedServer } from './features.js';
import { startPartner } from './practice-partner.js';

const noHash: Lack = { because: 'documents no such hash', shows: /offers no such hash/ };
const noMlst = {
  mlsd: { because: 'has LIST only', shows: /not used: MLSD/ },
  mlst: { because: 'has SIZE and MDTM instead', shows: /not used: MLST/ },
} satisfies TestedServer['lacks'];
const noMfmt: Lack = { because: 'has no MFMT', shows: /time was not set/ };
const noHashes = { hash: noHash, xsha256: noHash, xmd5: noHash, xcrc: noHash };

export const playedServers: TestedServer[] = [
  played(fileZillaServer, { lacks: noHashes }),
  played(iis, {
    lacks: {
      ...noMlst,
      ...noHashes,
      mfmt: noMfmt,
      renameOver: { because: 'gives no file a name that is taken', shows: /already exists/ },
    },
  }),
  played(zos, {
    lacks: {
      ...noMlst,
      ...noHashes,
      mfmt: noMfmt,
    },
  }),
  played(servU, { lacks: { ...noHashes, xcrc: undefined, mfmt: noMfmt } }),
  played(globalscapeEft, { lacks: { ...noHashes, mfmt: noMfmt } }),
  played(cerberus, { lacks: { ...noMlst, ...noHashes, mfmt: noMfmt } }),
  played(awsTransfer, {
    lacks: {
      ...noHashes,
      resumeDownload: { because: 'has no REST: Waybill begins anew', shows: /began elsewhere/ },
      resumeUpload: { because: 'has neither REST nor APPE: Waybill begins anew', shows: /APPE|502/ },
      append: { because: 'has no APPE', shows: /502/ },
    },
  }),
  played(ibmI, {
    // What the endpoint of such a server needs.
    settings: { commandsAfterLogin: ['SITE NAMEFMT 1', 'SITE LISTFMT 1'] },
    lacks: {
      ...noMlst,
      ...noHashes,
      mfmt: noMfmt,
      mdtm: { because: 'has no MDTM', shows: /not recognized/ },
      resumeDownload: { because: 'has no REST: Waybill begins anew', shows: /began elsewhere/ },
    },
  }),
];

interface Playing {
  settings?: Partial<FtpsSettings>;
  lacks: TestedServer['lacks'];
}

function played(server: PlayedServer, { settings = {}, lacks }: Playing): TestedServer {
  const implicit = server.modes.find((mode) => mode !== 'explicit');
  const noImplicit: Lack = { because: 'has explicit FTPS only', shows: /no implicit/ };
  const mustResume: Lack = { because: 'always requires session reuse', shows: /always requires/ };
  const noRequirement: Lack = {
    because: 'is not known to require session reuse',
    shows: /not known to require/,
  };
  return {
    name: server.name,
    kind: 'played',
    sources: server.sources,
    lacks: {
      ...(server.sessionReuse === 'required'
        ? { explicit12: mustResume, explicit13: mustResume, implicit12: mustResume, implicit13: mustResume }
        : {}),
      ...(server.sessionReuse === 'not required'
        ? {
            explicit12reuse: noRequirement,
            explicit13reuse: noRequirement,
            implicit12reuse: noRequirement,
            implicit13reuse: noRequirement,
          }
        : {}),
      ...(implicit === undefined
        ? {
            implicit12reuse: noImplicit,
            implicit13reuse: noImplicit,
            implicit12: noImplicit,
            implicit13: noImplicit,
          }
        : {}),
      ...lacks,
    },
    start({ mode = 'explicit', requireSessionReuse, ...options }) {
      if (mode === 'implicit' && implicit === undefined) throw new CannotStart('no implicit FTPS');
      if (requireSessionReuse === false && server.sessionReuse === 'required')
        throw new CannotStart('it always requires session reuse');
      if (requireSessionReuse === true && server.sessionReuse === 'not required')
        throw new CannotStart('it is not known to require session reuse');
      const reuse = requireSessionReuse ?? server.sessionReuse !== 'not required';
      return startPartner(
        { ...options, mode, requireSessionReuse: reuse },
        { mode: mode === 'explicit' ? mode : (implicit ?? mode), settings, script: server.script },
      );
    },
  };
}
