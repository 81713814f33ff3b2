/** What a session with a partner's server left behind, for attempts and for endpoint tests: steps and TLS facts. */
import type { ConnectionFacts, TimelineStep, TlsFacts } from '@waybill/contracts/session-facts.js';
import classes from './session-view.module.css';
import { CodeToCopy } from './ui/copy.js';
import { Facts } from './ui/facts.js';
import { startsWithoutPauses } from './step-starts.js';
import { Timeline } from './ui/timeline.js';
import { PROTOCOLS, STEPS } from './words.js';

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

/** What was connected to, and how its control and data connections were protected. */
export function ConnectionView({ connection, title }: { connection: ConnectionFacts; title: string }) {
  if (connection.protocol === 'local_folder') return null;
  return (
    <section aria-label={title}>
      <h3 className={classes.title}>
        {title}, {PROTOCOLS[connection.protocol]}
      </h3>
      <Facts
        columns={2}
        facts={[
          ['Address', connection.address === null ? '—' : <code key="address">{connection.address}</code>],
          connection.greeting === null ? null : ['Greeting', connection.greeting],
        ]}
      />
      <div className={classes.pair}>
        <TlsView title="Control connection" facts={connection.control} missing="Was not secured." />
        <TlsView title="Data connection" facts={connection.data} missing="Was not opened." />
      </div>
    </section>
  );
}

function TlsView({ title, facts, missing }: { title: string; facts: TlsFacts | null; missing: string }) {
  return (
    <div className={classes.tls}>
      <h4>{title}</h4>
      {facts === null ? (
        <p className="faint">{missing}</p>
      ) : (
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
                  <CodeToCopy
                    key="print"
                    text={facts.peerFingerprintSha256}
                    shown={`${facts.peerFingerprintSha256.slice(0, 16)}…`}
                    label={`Copy the fingerprint, ${title.toLowerCase()}`}
                  />,
                ],
          ]}
        />
      )}
    </div>
  );
}
