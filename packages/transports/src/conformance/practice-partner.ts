/** The practice partner as a server of the suite: on its own, and as what played servers are made of. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlayedServer } from '@waybill/ftps-server/played/played-server.js';
import type { Script } from '@waybill/ftps-server/script.js';
import type { FtpsServerOptions } from '@waybill/ftps-server/server-options.js';
import { startFtpsServer } from '@waybill/ftps-server/start-ftps-server.js';
import { getTestPki } from '@waybill/testing/pki.js';
import { DEFAULT_FTPS_SETTINGS, type FtpsSettings } from '@waybill/contracts/ftps-settings.js';
import { Secret } from '@waybill/vault/secret.js';
import { CannotStart, type Partner, type StartOptions } from './feature.js';
import type { TestedServer } from './features.js';

const USER = { name: 'partner', password: 'correct horse' };

export const practicePartner: TestedServer = {
  name: 'Practice partner',
  kind: 'practice',
  start: (options) => startPartner(options),
  lacks: {
    plain: { because: 'never lets a password through in the clear', shows: /clear/ },
    clearData: { because: 'never lets a file through in the clear', shows: /clear/ },
    active: { because: 'never connects to a client', shows: /502/ },
    latin1: { because: 'speaks UTF-8 only', shows: /UTF-8/ },
    xmd5: { because: 'has SHA-256 only', shows: /offers no such hash/ },
    xcrc: { because: 'has SHA-256 only', shows: /offers no such hash/ },
  },
};

interface Play {
  mode?: FtpsServerOptions['mode'];
  settings?: Partial<FtpsSettings>;
  script?: PlayedServer['script'];
}

/** Starts one with a folder and, where it is played, a script of its own. */
export async function startPartner(options: StartOptions, play: Play = {}): Promise<Partner> {
  if (options.allowPlain) throw new CannotStart('nothing in the clear');
  const pki = await getTestPki();
  const shown = await pki.server(options.certificate ?? 'good');
  const versions = options.tlsVersions ?? ['TLSv1.2', 'TLSv1.3'];
  const root = await mkdtemp(join(tmpdir(), 'waybill-played-'));
  const played = play.script?.(root) ?? {};
  const addressed =
    options.passiveAddress === undefined ? played : withAddress(options.passiveAddress, played);
  const script = options.quotaBytes === undefined ? addressed : withQuota(options.quotaBytes, addressed);
  const server = await startFtpsServer({
    mode: play.mode ?? options.mode ?? 'explicit',
    host: options.host ?? '127.0.0.1',
    root,
    users: [USER],
    requireSessionReuse: options.requireSessionReuse ?? true,
    script,
    tls: {
      key: shown.keyPem,
      cert: shown.certificatePem,
      minVersion: versions[0] ?? 'TLSv1.2',
      maxVersion: versions.at(-1) ?? 'TLSv1.3',
      ...(options.requireClientCertificate ? { ca: pki.caPem, requireClientCertificate: true } : {}),
    },
    limits: {
      loginFailureDelayMs: 0,
      ...(options.idleTimeoutSeconds === undefined
        ? {}
        : { idleTimeoutMs: options.idleTimeoutSeconds * 1000 }),
    },
  });
  return {
    endpoint: {
      protocol: server.protocol,
      host: server.host,
      port: server.port,
      username: USER.name,
      password: new Secret(USER.password),
      trust: { mode: 'chosen_cas', caPems: [pki.caPem] },
      serverName: null,
      tlsMinVersion: 'TLSv1.2',
      connectTimeoutMs: 5000,
      idleTimeoutMs: 10_000,
      basePath: '/',
      settings: { ...DEFAULT_FTPS_SETTINGS, dataTimeoutMs: 5000, stallTimeoutMs: 10_000, ...play.settings },
    },
    byHand: {
      host: options.host ?? '127.0.0.1',
      port: server.port,
      user: USER.name,
      password: USER.password,
      caPem: pki.caPem,
    },
    root,
    stop: async () => {
      await server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The address in its answers to PASV. */
function withAddress(address: string, script: Script): Script {
  return {
    ...script,
    onReply(session, verb, reply) {
      if (verb !== 'PASV' || reply.code !== 227) return script.onReply?.(session, verb, reply);
      const shown = address.replaceAll('.', ',');
      return Buffer.from(reply.bytes.toString().replace(/\((?:\d+,){4}/, `(${shown},`));
    },
  };
}

/** Uploads end with 552 (RFC 959 section 4.2.2) after so many bytes. */
function withQuota(bytes: number, script: Script): Script {
  return {
    ...script,
    async onDataOpen(session, verb, path) {
      const plan = await script.onDataOpen?.(session, verb, path);
      if (verb !== 'STOR' && verb !== 'APPE') return plan;
      const finalReply = '552 Requested file action aborted. Exceeded storage allocation.';
      return { ...plan, cut: { afterBytes: bytes, how: 'clean' }, finalReply };
    },
  };
}
