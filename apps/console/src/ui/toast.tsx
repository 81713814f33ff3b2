import { IconX } from '@tabler/icons-react';
import { useSyncExternalStore, type ReactNode } from 'react';
import { failureText, failureTitle } from './failure.js';
import { Shape } from './mark.js';
import classes from './toast.module.css';

interface Toast {
  id: number;
  tone: 'ok' | 'bad';
  title: string;
  body?: ReactNode;
}

let toasts: Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();
const changed = (next: Toast[]) => {
  toasts = next;
  for (const listener of listeners) listener();
};
const dismiss = (id: number) => changed(toasts.filter((toast) => toast.id !== id));
const add = (toast: Omit<Toast, 'id'>, stayMs: number) => {
  lastId += 1;
  const id = lastId;
  changed([...toasts.slice(-3), { ...toast, id }]);
  window.setTimeout(() => dismiss(id), stayMs);
};

/** Short words at the edge of the page about what was just done. */
export const toast = {
  done: (title: string, body?: ReactNode) => add({ tone: 'ok', title, body }, 5_000),
  failed: (error: unknown) =>
    add({ tone: 'bad', title: failureTitle(error), body: failureText(error) }, 12_000),
};

export function ToastLayer() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className={classes.layer} role="status" aria-live="polite">
      {shown.map(({ id, tone, title, body }) => (
        <div key={id} className={classes.toast}>
          <span className={classes.mark}>
            <Shape shape={tone === 'ok' ? 'check' : 'cross'} tone={tone} size={16} />
          </span>
          <div className={classes.body}>
            <p className={classes.title}>{title}</p>
            {body !== undefined && body !== '' && <div className={classes.text}>{body}</div>}
          </div>
          <button type="button" className={classes.close} aria-label="Dismiss" onClick={() => dismiss(id)}>
            <IconX size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}
