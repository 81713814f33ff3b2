import { Button } from '@mantine/core';
import { useEffect, useRef, type ReactNode, type RefObject, type SubmitEvent } from 'react';
import { ApiError } from '../api.js';
import { Failure } from './failure.js';
import classes from './form-layout.module.css';
import { useGo } from './go.js';

/** A form as a page: sections, and the buttons that end it. `aside` stands beside it and explains. */
export function FormLayout({
  label,
  submit,
  frame: { formRef, busy, onSubmit, failure, onOverwrite, onReload },
  cancelTo,
  aside,
  isShort = false,
  children,
}: {
  label: string;
  submit: string;
  frame: {
    formRef: RefObject<HTMLFormElement | null>;
    busy: boolean;
    onSubmit: () => void;
    failure: unknown;
    onOverwrite: () => void;
    onReload: () => void;
  };
  /** Where one goes without saving; none for a form that is only a part of its page. */
  cancelTo?: string;
  aside?: ReactNode;
  /** Its buttons stay where the form ends; those of a long one stay in sight. */
  isShort?: boolean;
  children: ReactNode;
}) {
  const go = useGo();
  const problem = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (failure !== null) problem.current?.scrollIntoView({ block: 'nearest' });
  }, [failure]);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <div className={classes.layout} data-aside={aside !== undefined}>
      <form ref={formRef} aria-label={label} onSubmit={send} noValidate>
        {children}
        <div ref={problem} className={classes.problem}>
          {failure !== null && (
            <Failure
              error={failure}
              actions={
                failure instanceof ApiError &&
                failure.code === 'changed_meanwhile' && (
                  <>
                    <Button size="compact-sm" variant="default" onClick={onReload}>
                      Show what is saved
                    </Button>
                    <Button size="compact-sm" variant="default" onClick={onOverwrite} loading={busy}>
                      Save mine over it
                    </Button>
                  </>
                )
              }
            />
          )}
        </div>
        <div className={classes.foot} data-short={isShort}>
          <Button type="submit" loading={busy}>
            {submit}
          </Button>
          {cancelTo !== undefined && (
            <Button variant="default" onClick={() => go(cancelTo)}>
              Cancel
            </Button>
          )}
        </div>
      </form>
      {aside !== undefined && <aside className={classes.aside}>{aside}</aside>}
    </div>
  );
}

/** Fields that belong together, with a sentence of why. */
export function FormSection({
  title,
  hint,
  children,
}: {
  title: string;
  hint?: ReactNode;
  children: ReactNode;
}) {
  return (
    <fieldset className={classes.section}>
      <legend className={classes.legend}>{title}</legend>
      {hint !== undefined && <p className={classes.hint}>{hint}</p>}
      <div className={classes.fields}>{children}</div>
    </fieldset>
  );
}

/** Fields side by side, where there is room. */
export function FieldRow({ children, tracks }: { children: ReactNode; tracks?: string }) {
  return (
    <div className={classes.row} style={tracks === undefined ? undefined : { gridTemplateColumns: tracks }}>
      {children}
    </div>
  );
}
