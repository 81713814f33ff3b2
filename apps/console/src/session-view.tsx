/** What a session with a partner's server left behind, for attempts and for endpoint tests: steps and TLS facts. */
import type { ConnectionFacts, TimelineStep, TlsFacts } from '@waybill/contracts/session-facts.js';
import classes from './session-view.module.css';
import { CodeToCopy } from './ui/copy.js';
import { Facts } from './ui/facts.js';
import { startsWithoutPauses } from './step-starts.js';
import { Timeline } from './ui/timeline.js';
import { Tag } from './ui/mark.js';
import { PROTOCOLS, PROXY_KINDS, STEPS } from './words.js';

/** `said` is told beside the steps already, and not again at the one that failed. */
export function StepView({ steps, said = null }: { steps: TimelineStep[]; said?: string | null }) {
  const startsMs = startsWithoutPauses(steps);
  return (
    <Timeline
      label="Steps"
      rows={steps.map(({ step, side, durationMs, outcome, detail }, index) => ({
        key: `${step}-${side}-${index}`,
        label: STEPS[step],
        side,
        startMs: startsMs[index] ?? 0,
        durationMs,
        outcome,
        detail: detail === said ? null : detail,
      }))}
    />
  );
}

const NOT_ENCRYPTED = 'Not encrypted';
const DATA_MODES = {
  epsv: 'Passive, by EPSV',
  pasv: 'Passive, by PASV',
  active: 'Active: the server connected to us',
};

/** What was connected to, and how its control and data connections were protected. */
export function ConnectionView({ connection, title }: { connection: ConnectionFacts; title: string }) {
  const { protocol, address, greeting, dataProtection, dataMode, proxy, encoding } = connection;
  const shown = connection.clientCertificateSha256 ?? null;
  if (protocol === 'local_folder') return null;
  const isPlain = protocol === 'ftp';
  const isDataClear = isPlain || dataProtection === 'clear' || dataProtection === 'none';
  return (
    <section aria-label={title}>
      <h3 className={classes.title}>
        {title}, {PROTOCOLS[protocol]}
      </h3>
      <Facts
        columns={2}
        facts={[
          ['Address', address === null ? '—' : <code key="address">{address}</code>],
          greeting === null ? null : ['Greeting', greeting],
          proxy ? ['Proxy', `${PROXY_KINDS[proxy.kind]}, ${proxy.address}`] : null,
          dataMode ? ['Data connections', DATA_MODES[dataMode]] : null,
          encoding ? ['Character set', encoding] : null,
          shown === null
            ? null
            : ['Certificate of ours', <Fingerprint key="ours" of={shown} what="our certificate" />],
        ]}
      />
      <div className={classes.pair}>
        <TlsView
          title="Control connection"
          facts={connection.control}
          missing={isPlain ? NOT_ENCRYPTED : 'Was not secured.'}
        />
        <TlsView
          title="Data connection"
          facts={connection.data}
          missing={isDataClear ? NOT_ENCRYPTED : 'Was not opened.'}
        />
      </div>
    </section>
  );
}

function TlsView({ title, facts, missing }: { title: string; facts: TlsFacts | null; missing: string }) {
  return (
    <div className={classes.tls}>
      <h4>{title}</h4>
      {facts === null && missing === NOT_ENCRYPTED && <Tag tone="warn">{missing}</Tag>}
      {facts === null && missing !== NOT_ENCRYPTED && <p className="faint">{missing}</p>}
      {facts !== null && (
        <Facts
          facts={[
            ['TLS', facts.protocol.replace('TLSv', 'TLS ')],
            ['Cipher', <code key="cipher">{facts.cipher}</code>],
            ['Session', facts.resumed ? 'Resumed' : 'New'],
            facts.peerSubject === null ? null : ['Certificate of', facts.peerSubject],
            facts.peerFingerprintSha256 === null
              ? null
              : [
                  'Fingerprint',
                  <Fingerprint key="print" of={facts.peerFingerprintSha256} what={title.toLowerCase()} />,
                ],
          ]}
        />
      )}
    </div>
  );
}

const Fingerprint = ({ of, what }: { of: string; what: string }) => (
  <CodeToCopy text={of} shown={`${of.slice(0, 16)}…`} label={`Copy the fingerprint, ${what}`} />
);
