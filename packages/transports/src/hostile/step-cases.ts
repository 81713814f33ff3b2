/** The server goes away, or hangs, at every step of the dialogue. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { answering, onlyFirst } from '@waybill/ftps-server/behaviours.js';
import type { Behaviour, DataPlan, Script } from '@waybill/ftps-server/script.js';
import type { FailureKind } from '@waybill/contracts/session-facts.js';
import { megabytes, type Scene } from '../test-support/scene.js';
import type { DefenceName } from './defences.js';
import type { HostileCase } from './hostile-case.js';

type How = 'rst' | 'hang';

interface Step {
  /** The middle of the id. */
  name: string;
  /** Goes after "The server is reset" and "The server hangs". */
  where: string;
  job: 'upload' | 'download' | 'list';
  /** What the server does then, once; later sessions find it honest. */
  script: (how: How, onHang: () => void) => Script;
  outcome: Record<How, FailureKind | 'works'>;
  defences: Record<How, DefenceName[]>;
  isSilent?: boolean;
}

/** More than all buffers on the way hold, so that a transfer cannot be over before it is cut. */
const BYTES = megabytes(32);
const NAMED: Step['outcome'] = { rst: 'connection_lost', hang: 'stalled' };
const ON_CONTROL: Step['defences'] = { rst: ['lost connection named'], hang: ['answer in time'] };
const ON_TRANSFER: Step['defences'] = { rst: ['lost transfer named'], hang: ['handshake in time'] };

/** Nothing is read any more, and nothing said. */
const forEver = (): Promise<void> => new Promise(() => undefined);

/** A reset that comes at once may be one of the connect. */
const reset: Behaviour = async (turn) => {
  await turn.wait(100);
  turn.drop('rst');
};

const acting = (how: How, onHang: () => void): Behaviour => {
  const hang: Behaviour = () => {
    onHang();
    return forEver();
  };
  return onlyFirst(1, how === 'rst' ? reset : hang);
};

/** In place of a command. */
const insteadOf =
  (verb: string) =>
  (how: How, onHang: () => void): Script => ({ onCommand: answering({ [verb]: acting(how, onHang) }) });

/** When a command was carried out, in place of the answer to it. */
const afterwards =
  (verb: string) =>
  (how: How, onHang: () => void): Script => ({ onReply: answering({ [verb]: acting(how, onHang) }) });

/** On the data connection, once. */
const onData =
  (verb: string, plans: Record<How, DataPlan>) =>
  (how: How): Script => {
    let plan: DataPlan | undefined = plans[how];
    return {
      onDataOpen: (_session, asked) => {
        if (asked !== verb) return undefined;
        const once = plan;
        plan = undefined;
        return once;
      },
    };
  };

/** At this command, before it is carried out; otherwise as `changes` say. */
const at = (verb: string, job: Step['job'], changes: Partial<Step> = {}): Step => ({
  name: verb,
  where: `at ${verb}`,
  job,
  script: insteadOf(verb),
  outcome: NAMED,
  defences: ON_CONTROL,
  ...changes,
});

const CUT = { afterBytes: 1_000_000 };
const IN_THE_MIDDLE: Record<How, DataPlan> = {
  rst: { cut: { ...CUT, how: (turn) => turn.drop('rst') } },
  hang: { cut: { ...CUT, how: 'stall' } },
};

const STEPS: Step[] = [
  at('CONNECT', 'download', { name: 'GREETING', where: 'before it greets', isSilent: true }),
  at('AUTH', 'download', { where: 'at AUTH TLS' }),
  at('AUTH', 'download', {
    name: 'TLS',
    where: 'in the handshake',
    script: (how) => ({
      onCommand: answering({
        AUTH: async (turn) => {
          await turn.send('234 Go ahead\r\n');
          if (how === 'rst') turn.drop('rst');
          else await forEver();
        },
      }),
    }),
    outcome: { rst: 'tls_failed', hang: 'tls_failed' },
    defences: { rst: ['lost handshake named'], hang: ['handshake in time'] },
  }),
  ...['USER', 'PASS', 'FEAT', 'TYPE', 'PBSZ', 'PROT'].map((verb) => at(verb, 'download')),
  at('EPSV', 'list', { defences: { rst: ['lost transfer named'], hang: ['answer in time'] } }),
  at('RETR', 'download', {
    name: 'DATA',
    where: 'when the data connection stands',
    script: onData('RETR', { rst: { tls: 'rst' }, hang: { tls: 'stall' } }),
    defences: { rst: ['lost data handshake may pass'], hang: ['handshake in time'] },
  }),
  at('MLSD', 'list', { defences: ON_TRANSFER }),
  at('RETR', 'download', { defences: ON_TRANSFER }),
  at('RETR', 'download', {
    name: 'DOWN',
    where: 'in the middle of a download',
    script: onData('RETR', IN_THE_MIDDLE),
    defences: { rst: ['lost transfer named'], hang: ['silence noticed'] },
  }),
  at('MLST', 'download'),
  at('STOR', 'upload', { defences: ON_TRANSFER }),
  at('STOR', 'upload', {
    name: 'UP',
    where: 'in the middle of an upload',
    script: onData('STOR', IN_THE_MIDDLE),
    defences: { rst: ['lost transfer named'], hang: ['untaken noticed'] },
  }),
  at('HASH', 'upload', {
    where: 'while it computes a hash',
    outcome: { rst: 'connection_lost', hang: 'cancelled' },
    defences: { rst: ['lost connection named'], hang: ['cancel ends the session'] },
  }),
  at('RNFR', 'upload'),
  at('RNTO', 'upload', { where: 'at RNTO, before it renames' }),
  at('RNTO', 'upload', {
    name: 'RENAMED',
    where: 'when it has renamed, before it says so',
    script: afterwards('RNTO'),
    outcome: { rst: 'works', hang: 'works' },
    defences: { rst: ['lost answer looked for'], hang: ['lost answer looked for', 'answer in time'] },
  }),
  at('STOR', 'upload', {
    name: 'STORED',
    where: 'when it has all bytes, before it says so',
    script: afterwards('STOR 226'),
    outcome: { rst: 'works', hang: 'cancelled' },
    defences: { rst: ['lost confirmation looked for'], hang: ['cancel ends transfers'] },
  }),
  at('RETR', 'download', {
    name: 'SENT',
    where: 'when it has sent all bytes, before it says so',
    script: afterwards('RETR 226'),
    outcome: { rst: 'connection_lost', hang: 'cancelled' },
    defences: { rst: ['lost connection named'], hang: ['cancel ends transfers'] },
  }),
];

const HOLDS: Record<FailureKind | 'works', string> = {
  connection_lost: 'It is told as such, to be tried again; nothing is left at the target.',
  stalled: 'It is given up on after the time-out; nothing is left at the target.',
  tls_failed: 'It is told as such within the time-out, and nothing was said in the clear.',
  works: 'A fresh session looks, and finds the file whole: it is delivered, and not sent twice.',
  cancelled: 'A server may take long here; a person who breaks it off is not kept waiting.',
} as Partial<Record<FailureKind | 'works', string>> as Record<FailureKind | 'works', string>;

/** Broken off when the server has hung for so long, where it may. */
const PATIENCE_MS = 300;

async function doJob(scene: Scene, { job, script, outcome }: Step, how: How): Promise<void> {
  const cancel = new AbortController();
  const onHang = (): void => {
    if (outcome[how] === 'cancelled') setTimeout(() => cancel.abort(), PATIENCE_MS);
  };
  if (job === 'upload') {
    const server = await scene.start({ script: script(how, onHang) });
    try {
      await scene.upload(server, BYTES, { signal: cancel.signal });
    } finally {
      const left = await readdir(server.root);
      assert.ok(
        left.every((name) => name === 'a.bin'),
        `left: ${left.join(', ')}`,
      );
    }
    return;
  }
  const server = await scene.serve(script(how, onHang), BYTES);
  const source = await scene.open(server, {}, cancel.signal);
  if (job === 'list') await source.list('/');
  else await scene.read(source);
}

function makeCase(step: Step, how: How): HostileCase {
  const outcome = step.outcome[how];
  return {
    id: `STEP-${step.name}-${how === 'rst' ? 'RST' : 'HANG'}`,
    title: `The server ${how === 'rst' ? 'is reset' : 'hangs'} ${step.where}.`,
    source:
      how === 'rst'
        ? 'RFC 9293 section 3.5.2; a crash'
        : 'RFC 959 section 5.4; a server or firewall that hangs',
    outcome,
    holds: HOLDS[outcome],
    defences: step.defences[how],
    isSilent: step.isSilent,
    run: async (scene) => {
      const work = doJob(scene, step, how);
      if (outcome === 'works') await work;
      else await scene.fails(work, outcome);
    },
  };
}

/** Saying goodbye may fail in every way. */
const goodbye = (how: How): HostileCase => ({
  id: `STEP-QUIT-${how === 'rst' ? 'RST' : 'HANG'}`,
  title: `The server ${how === 'rst' ? 'is reset' : 'hangs'} at QUIT.`,
  source: 'RFC 959 section 4.1.1; IIS waits for the client to close first',
  outcome: 'works',
  holds: 'What is done is done, and nobody waits for a goodbye.',
  defences: [how === 'rst' ? 'goodbye may fail' : 'goodbye in time'],
  run: async (scene) => {
    const script = insteadOf('QUIT')(how, () => undefined);
    const session = await scene.open(await scene.serve(script, 'content'));
    await scene.read(session);
    const started = performance.now();
    await session.close();
    assert.ok(performance.now() - started < 3000);
  },
});

export const stepCases: HostileCase[] = [
  ...STEPS.flatMap((step) => [makeCase(step, 'rst'), makeCase(step, 'hang')]),
  goodbye('rst'),
  goodbye('hang'),
];
