/** How a session comes about: the ways in, TLS, identity of both sides. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { getTestPki, type ClientCertificateKind, type CertificateKind } from '@waybill/testing/pki.js';
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import { Secret } from '@waybill/vault/secret.js';
import type { FtpsEndpoint } from '../endpoint.js';
import { spkiSha256Of } from '../ftps/tls-trust.js';
import { assertFails } from '../test-support/assert-fails.js';
import { TransportError } from '../transport-error.js';
import type { Feature, Ground, StartOptions } from './feature.js';
import { expectSaid, tryBasics } from './try-basics.js';

type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

/** One way in, with everything that has to work on it. */
function way(mode: 'explicit' | 'implicit', version: TlsVersion, requireSessionReuse: boolean): Feature {
  const reuse = requireSessionReuse ? 'session reuse required' : 'session reuse not required';
  return {
    title: `${mode === 'explicit' ? 'Explicit' : 'Implicit'}, ${version.replace('v', ' ')}, ${reuse}`,
    needs: { mode, tlsVersions: [version], requireSessionReuse },
    async run({ open }) {
      const transport = await open();
      await tryBasics(transport);
      const { control, data } = transport.record().connection;
      assert.deepEqual([control?.protocol, data?.protocol], [version, version]);
      if (requireSessionReuse) assert.equal(data?.resumed, true, 'not resumed');
    },
  };
}

function resumption(version: TlsVersion): Feature {
  return {
    title: `Data connections resume the TLS session, ${version.replace('v', ' ')}`,
    needs: { tlsVersions: [version] },
    async run({ open }) {
      const transport = await open();
      for (let index = 0; index < 3; index += 1) {
        await transport.list('/');
        assert.equal(transport.record().connection.data?.resumed, true, 'not resumed');
      }
    },
  };
}

async function withClientCertificate(
  { open }: Ground,
  kind: ClientCertificateKind,
): ReturnType<Ground['open']> {
  const { keyPem, certificatePem } = await (await getTestPki()).client(kind);
  return open({ clientCertificate: { certificatePem, keyPem: new Secret(keyPem) } });
}

const MUTUAL: StartOptions = { requireClientCertificate: true };

function refusedClient(kind: Exclude<ClientCertificateKind, 'good'>, title: string): Feature {
  return {
    title,
    only: 'not played',
    needs: MUTUAL,
    async run(ground) {
      await expectNoSession(withClientCertificate(ground, kind));
    },
  };
}

/** TLS 1.3 tells a client of its refusal only after the handshake: it shows in the next step, as one of these kinds. */
async function expectNoSession(opening: Promise<unknown>): Promise<void> {
  const kinds: FailureKind[] = [
    'client_certificate_refused',
    'tls_failed',
    'connection_lost',
    'certificate_untrusted',
    'login_refused',
  ];
  const failure = await opening.then(
    () => assert.fail('the session was opened'),
    (error: unknown) => error,
  );
  assert.ok(failure instanceof TransportError);
  assert.ok(kinds.includes(failure.kind), `${failure.kind}: ${failure.message}`);
}

/** Wrong certificates, and as what each is refused, before it is said who we are. */
const WRONG: [CertificateKind, FailureKind][] = [
  ['expired', 'certificate_expired'],
  ['wrong-host', 'certificate_wrong_host'],
  ['self-signed', 'certificate_untrusted'],
  ['unknown-ca', 'certificate_untrusted'],
];

export const waysToConnect = {
  explicit12reuse: way('explicit', 'TLSv1.2', true),
  explicit13reuse: way('explicit', 'TLSv1.3', true),
  explicit12: way('explicit', 'TLSv1.2', false),
  explicit13: way('explicit', 'TLSv1.3', false),
  implicit12reuse: way('implicit', 'TLSv1.2', true),
  implicit13reuse: way('implicit', 'TLSv1.3', true),
  implicit12: way('implicit', 'TLSv1.2', false),
  implicit13: way('implicit', 'TLSv1.3', false),
  ipv6: {
    title: 'IPv6',
    only: 'not played',
    needs: { host: '::1' },
    async run({ open }) {
      const transport = await open();
      await tryBasics(transport);
      assert.match(transport.record().connection.address ?? '', /^\[::1\]:/);
    },
  },
  authSsl: {
    title: 'AUTH SSL where it is asked for',
    async run({ open }) {
      const transport = await open({ settings: { authCommand: 'SSL' } });
      expectSaid(transport, 'AUTH SSL');
      await tryBasics(transport);
    },
  },
  clearData: {
    title: 'PROT C under an exception',
    only: 'not played',
    needs: { allowPlain: true },
    async run({ open }) {
      const transport = await open({ settings: { dataProtection: 'clear' }, permitted: ['clear_data'] });
      expectSaid(transport, 'PROT C');
      await tryBasics(transport);
      assert.equal(transport.record().connection.data, null);
    },
  },
  plain: {
    title: 'Plain FTP under an exception',
    only: 'not played',
    needs: { allowPlain: true },
    async run({ open, partner }) {
      assert.equal(partner.endpoint.protocol, 'ftps_explicit');
      const transport = await open({ protocol: 'ftp', permitted: ['plain_ftp'] });
      await tryBasics(transport);
      assert.equal(transport.record().connection.control, null);
    },
  },
} satisfies Record<string, Feature>;

export const identity = {
  login: {
    title: 'Login with its record; login_refused for a wrong password',
    async run({ open }) {
      const transport = await open();
      assert.deepEqual(
        transport
          .record()
          .timeline.slice(0, 5)
          .map(({ step, outcome }) => `${step} ${outcome}`),
        ['resolve ok', 'connect ok', 'tls ok', 'login ok', 'protect ok'],
      );
      expectSaid(transport, 'PASS ****');
      await transport.list('/');
      const { control, data } = transport.record({ drain: true }).connection;
      assert.match(control?.peerFingerprintSha256 ?? '', /^[0-9a-f]{64}$/);
      assert.equal(data?.peerFingerprintSha256, control?.peerFingerprintSha256);
      assert.deepEqual([transport.record().timeline, transport.record().dialogue], [[], []]);
      const error = await assertFails(open({ password: new Secret('wrong-Passw0rd') }), 'login_refused');
      assert.equal(error.step, 'login');
      assert.ok(!JSON.stringify([error.message, error.record]).includes('wrong-Passw0rd'));
    },
  },
  wrongCertificates: {
    title: 'Wrong certificates refused before the login',
    only: 'not played',
    async run({ open, start }) {
      for (const [certificate, kind] of WRONG) {
        const error = await assertFails(open({}, await start({ certificate })), kind);
        assert.equal(error.step, 'tls');
        assert.ok(!error.record?.dialogue.some(({ text }) => text.startsWith('USER')));
      }
    },
  },
  otherName: {
    title: 'A certificate for another name refused',
    only: 'not played',
    async run({ open }) {
      const error = await assertFails(open({ serverName: 'other.example' }), 'certificate_wrong_host');
      assert.match(error.message, /other\.example/);
    },
  },
  publicCas: {
    title: 'A private CA refused where public ones are trusted',
    only: 'not played',
    async run({ open }) {
      await assertFails(open({ trust: { mode: 'system_cas' } }), 'certificate_untrusted');
    },
  },
  pinnedKey: {
    title: 'A pinned key, with the name checked too',
    only: 'not played',
    async run({ open, start }) {
      const partner = await start({ certificate: 'wrong-host' });
      const { certificatePem } = await (await getTestPki()).server('wrong-host');
      const spkiSha256 = [spkiSha256Of(new X509Certificate(certificatePem))];
      const pinned: Partial<Omit<FtpsEndpoint, 'settings'>> = { trust: { mode: 'pinned_keys', spkiSha256 } };
      const error = await assertFails(open(pinned, partner), 'certificate_wrong_host');
      assert.match(error.message, /not for 127\.0\.0\.1 but for partner\.invalid\./);
      const transport = await open({ ...pinned, serverName: 'partner.invalid' }, partner);
      await transport.list('/');
    },
  },
  tlsMinimum: {
    title: 'TLS 1.2 refused where 1.3 is the least',
    only: 'not played',
    needs: { tlsVersions: ['TLSv1.2'] },
    run: async ({ open }) => void (await assertFails(open({ tlsMinVersion: 'TLSv1.3' }), 'tls_failed')),
  },
  tlsMaximum: {
    title: 'TLS 1.2 where 1.3 is not wanted',
    only: 'not played',
    async run({ open }) {
      const transport = await open({ settings: { tlsMaxVersion: 'TLSv1.2' } });
      assert.equal(transport.record().connection.control?.protocol, 'TLSv1.2');
      await tryBasics(transport);
    },
  },
  resumed12: resumption('TLSv1.2'),
  resumed13: resumption('TLSv1.3'),
  clientCertificate: {
    title: 'Mutual TLS',
    only: 'not played',
    needs: MUTUAL,
    run: async (ground) => tryBasics(await withClientCertificate(ground, 'good')),
  },
  noClientCertificate: {
    title: 'Mutual TLS without a certificate refused',
    only: 'not played',
    needs: MUTUAL,
    run: ({ open }) => expectNoSession(open()),
  },
  unknownClient: refusedClient('unknown-ca', 'Mutual TLS with another CA refused'),
  expiredClient: refusedClient('expired', 'Mutual TLS with an expired certificate refused'),
} satisfies Record<string, Feature>;
