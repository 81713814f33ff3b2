import classes from './mark.module.css';

export type Tone = 'ok' | 'bad' | 'warn' | 'accent' | 'mute';
export type Shape = 'ring' | 'half' | 'clock' | 'pause' | 'check' | 'part' | 'cross' | 'slash' | 'question';
export interface MarkLook {
  word: string;
  tone: Tone;
  shape: Shape;
}

const disc = <circle cx="8" cy="8" r="7" fill="currentColor" />;
const ring = <circle cx="8" cy="8" r="6.1" fill="none" stroke="currentColor" strokeWidth="1.7" />;
const cut = { fill: 'none', stroke: 'var(--bg)', strokeWidth: 1.8, strokeLinecap: 'round' as const };
const pen = { ...cut, stroke: 'currentColor', strokeWidth: 1.7 };

const SHAPES = {
  ring: (
    <circle
      cx="8"
      cy="8"
      r="6.1"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeDasharray="2.4 2.4"
    />
  ),
  half: (
    <>
      {ring}
      <path d="M8 4.2a3.8 3.8 0 0 1 0 7.6Z" fill="currentColor" />
    </>
  ),
  clock: (
    <>
      {ring}
      <path d="M8 4.8V8l2.2 1.4" {...pen} />
    </>
  ),
  pause: (
    <>
      {disc}
      <path d="M6.3 5.6v4.8M9.7 5.6v4.8" {...cut} />
    </>
  ),
  check: (
    <>
      {disc}
      <path d="m5 8.2 2.1 2.1L11 6.2" {...cut} strokeLinejoin="round" />
    </>
  ),
  part: (
    <>
      {ring}
      <path d="M8 1.9a6.1 6.1 0 0 0 0 12.2Z" fill="currentColor" />
    </>
  ),
  cross: (
    <>
      {disc}
      <path d="m5.7 5.7 4.6 4.6m0-4.6-4.6 4.6" {...cut} />
    </>
  ),
  slash: (
    <>
      {ring}
      <path d="m5.2 10.8 5.6-5.6" {...pen} />
    </>
  ),
  question: (
    <>
      {ring}
      <path d="M6.3 6.4a1.8 1.8 0 1 1 2.4 1.7c-.5.2-.7.5-.7 1M8 11.3v.1" {...pen} strokeWidth={1.5} />
    </>
  ),
};

export function Shape({ shape, tone, size = 14 }: { shape: Shape; tone: Tone; size?: number }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
      className={shape === 'half' ? `${classes.shape} ${classes.turns}` : classes.shape}
      data-tone={tone}
    >
      {SHAPES[shape]}
    </svg>
  );
}

/** A state: a shape, a word and a tone, in that order of importance. */
export function Mark({ look, size }: { look: MarkLook; size?: number }) {
  return (
    <span className={classes.mark} data-tone={look.tone}>
      <Shape shape={look.shape} tone={look.tone} size={size} />
      <span>{look.word}</span>
    </span>
  );
}

/** A small word in a box, for kinds and tags. */
export function Tag({ children, tone = 'mute' }: { children: string; tone?: Tone }) {
  return (
    <span className={classes.tag} data-tone={tone}>
      {children}
    </span>
  );
}
