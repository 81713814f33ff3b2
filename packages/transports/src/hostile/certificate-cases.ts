/** Certificates that are not the partner's. */
import assert from 'node:assert/strict';
import { makeCertificate, type CertificateRequest } from '@waybill/ftps-server/certificates.js';
import { megabytes, type Scene, type StagedPartner } from '../test-support/scene.js';
import type { HostileCase } from './hostile-case.js';
import { refusesSession } from './refuses-session.js';

const DAY_MS = 86_400_000;

/** A server that shows such a certificate; signed by the authority that is trusted where nothing else is said. */
async function showing(scene: Scene, request: Partial<CertificateRequest>): Promise<StagedPartner> {
  const tls = await makeCertificate({
    commonName: 'partner',
    use: 'server',
    names: ['127.0.0.1'],
    issuer: scene.pki.ca,
    ...request,
  });
  return await scene.start({ tls });
}

export const certificateCases: HostileCase[] = [
  {
    id: 'TLS-01',
    title: 'The certificate has expired.',
    source: 'RFC 5280 section 4.1.2.5',
    outcome: 'certificate_expired',
    holds: 'There is no session, and neither name nor password is said.',
    defences: ['certificates judged'],
    run: async (scene) => {
      const notAfter = new Date(Date.now() - DAY_MS);
      const server = await showing(scene, { notBefore: new Date(Date.now() - 9 * DAY_MS), notAfter });
      await refusesSession(scene, server, { kind: 'certificate_expired', words: /has expired/ });
    },
  },
  {
    id: 'TLS-02',
    title: 'The certificate is not valid yet.',
    source: 'RFC 5280 section 4.1.2.5',
    outcome: 'certificate_expired',
    holds: 'There is no session, and our own clock is named as a possible cause.',
    defences: ['certificates judged'],
    run: async (scene) => {
      const server = await showing(scene, { notBefore: new Date(Date.now() + DAY_MS) });
      await refusesSession(scene, server, { kind: 'certificate_expired', words: /not valid yet.*clock/ });
    },
  },
  {
    id: 'TLS-03',
    title: 'The certificate is for another host.',
    source: 'RFC 9525 section 6',
    outcome: 'certificate_wrong_host',
    holds: 'There is no session, and the names that it is for are told.',
    defences: ['names compared'],
    run: async (scene) => {
      const server = await showing(scene, { names: ['partner.invalid'] });
      await refusesSession(scene, server, {
        kind: 'certificate_wrong_host',
        words: /but for partner\.invalid/,
      });
    },
  },
  {
    id: 'TLS-04',
    title: 'The certificate is signed by its own key.',
    source: 'RFC 5280 section 6.1',
    outcome: 'certificate_untrusted',
    holds: 'There is no session.',
    defences: ['certificates judged'],
    run: async (scene) => {
      await refusesSession(scene, await showing(scene, { issuer: undefined }), {
        kind: 'certificate_untrusted',
      });
    },
  },
  {
    id: 'TLS-05',
    title: 'The certificate is signed by a stranger.',
    source: 'RFC 5280 section 6.1',
    outcome: 'certificate_untrusted',
    holds: 'There is no session.',
    defences: ['certificates judged'],
    run: async (scene) => {
      const issuer = await makeCertificate({ commonName: 'Waybill practice CA', use: 'ca' });
      await refusesSession(scene, await showing(scene, { issuer }), { kind: 'certificate_untrusted' });
    },
  },
  {
    id: 'TLS-06',
    title: 'The certificate names the host up to a NUL.',
    source: 'CVE-2009-2408; CVE-2021-44532 (Node)',
    outcome: 'certificate_wrong_host',
    holds: 'A NUL ends no name, and the message is clean.',
    defences: ['names compared'],
    run: async (scene) => {
      const server = await showing(scene, { names: ['partner.example\0.evil.example'] });
      const changes = { serverName: 'partner.example' };
      await refusesSession(scene, server, { kind: 'certificate_wrong_host', changes });
    },
  },
  {
    id: 'TLS-07',
    title: 'The certificate has thousands of names, none of them ours.',
    source: 'CWE-407; each name is compared with each',
    outcome: 'certificate_wrong_host',
    holds: 'Only the first ones are looked at and told.',
    defences: ['few names told'],
    runsAlone: true,
    run: async (scene) => {
      const names = Array.from({ length: 4000 }, (_, index) => `h${index}.invalid`);
      const server = await showing(scene, { names });
      const before = process.cpuUsage();
      await refusesSession(scene, server, { kind: 'certificate_wrong_host', words: /^.{0,600}$/ });
      const usedMs = process.cpuUsage(before).user / 1000;
      assert.ok(usedMs < 1500, `${Math.round(usedMs)} ms of processor time`);
    },
  },
  {
    id: 'TLS-08',
    title: 'The key is none of the pinned ones, though a trusted authority has signed it.',
    source: 'RFC 7469 section 2.6; an authority that was deceived',
    outcome: 'certificate_untrusted',
    holds: 'There is no session, and the key is told.',
    defences: ['keys compared'],
    run: async (scene) => {
      const key = /sha256:[0-9a-f]{64}/;
      const trust = { mode: 'pinned_keys' as const, spkiSha256: ['11'.repeat(32)] };
      await refusesSession(scene, await scene.start(), {
        kind: 'certificate_untrusted',
        words: key,
        changes: { trust },
      });
    },
  },
  {
    id: 'TLS-09',
    title: 'Data connections show another certificate than the control connection.',
    source: 'RFC 4217 section 7; somebody who waits at passive ports',
    outcome: 'protection_refused',
    holds: 'Nothing is sent to it, and it is told which connection it was.',
    defences: ['certificates judged'],
    run: async (scene) => {
      const tls = await makeCertificate({ commonName: 'x', use: 'server', names: ['127.0.0.1'] });
      const server = await scene.start({
        requireSessionReuse: false,
        script: { onDataOpen: () => ({ tls }) },
      });
      await scene.fails(scene.upload(server, megabytes(1)), 'protection_refused', /data connection/);
    },
  },
  {
    id: 'TLS-10',
    title: 'One partner’s server shows the certificate of another partner.',
    source: 'basic-ftp 6.2.3 writes the first host into the options that it is given',
    outcome: 'certificate_wrong_host',
    holds: 'Each session is verified against its own name, whichever came before.',
    defences: ['options of its own'],
    run: async (scene) => {
      const server = await showing(scene, { names: ['one.invalid'] });
      await scene.open(server, { serverName: 'one.invalid' });
      const other = scene.open(server, { serverName: 'other.invalid' });
      await scene.fails(other, 'certificate_wrong_host', /not for other\.invalid/);
    },
  },
];
