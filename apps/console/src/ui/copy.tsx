import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './copy.module.css';

/** Plain HTTP from another machine has no clipboard API; there the old way still works. */
async function writeToClipboard(text: string): Promise<void> {
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

/** Copies a text; says so. `wide` shows the text on the button's side as a field. */
export function Copy({ text, label, wide = false }: { text: string; label: string; wide?: boolean }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await writeToClipboard(text);
    setDone(true);
    window.setTimeout(() => setDone(false), 1500);
  };
  return (
    <span className={wide ? classes.wide : undefined}>
      {wide && <code className={classes.text}>{text}</code>}
      <button
        type="button"
        className={classes.button}
        aria-label={done ? 'Copied' : label}
        data-hint={done ? 'Copied' : label}
        onClick={(event) => {
          event.preventDefault();
          void copy();
        }}
      >
        {done ? <IconCheck size={14} /> : <IconCopy size={14} />}
        {wide && <span>{done ? 'Copied' : 'Copy'}</span>}
      </button>
    </span>
  );
}

/** A code that is meant to be copied, with the button at its end; `shown` in place of all of it. */
export const CodeToCopy = ({
  text,
  label,
  shown = text,
}: {
  text: string;
  label: string;
  shown?: string;
}) => (
  <span className={classes.code}>
    <code data-hint={shown === text ? undefined : text}>{shown}</code>
    <Copy text={text} label={label} />
  </span>
);
