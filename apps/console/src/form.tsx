/** Forms: the contract's schema checks what is sent, the API has the last word, both speak at the field. */
import { useForm, type UseFormReturnType } from '@mantine/form';
import { PROBLEMS, type ProblemBody } from '@waybill/contracts/problems.js';
import { useRef, useState } from 'react';
import type { ZodType } from 'zod';
import { z } from 'zod';
import { ApiError } from './api.js';
import { Failure } from './ui/failure.js';

// No code is made from strings: the page's policy forbids it.
z.config({
  jitless: true,
  customError: (issue) => {
    if (issue.code === 'invalid_type' && issue.input === undefined) return 'is needed';
    if (issue.code === 'too_small' && issue.origin === 'string') return 'is needed';
    if (issue.code === 'invalid_format' && issue.format === 'email') return 'is not an e-mail address';
    if (issue.code === 'invalid_format' && issue.format === 'uuid') return 'is needed';
    if (issue.code === 'invalid_union') return 'is not valid';
    return undefined;
  },
});

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What the API would say about these errors. */
const invalidInput = (errors: { path: string; message: string }[]): ProblemBody => ({
  type: 'about:blank#invalid_input',
  title: PROBLEMS.invalid_input.title,
  status: PROBLEMS.invalid_input.status,
  code: 'invalid_input',
  errors,
});

interface FormOptions<Values, Body, Result> {
  initial: Values;
  schema: ZodType<Body>;
  /** What is sent for these values: empty fields left out. */
  toBody: (values: Values) => unknown;
  send: (body: Body) => Promise<Result>;
  done: (result: Result) => void | Promise<void>;
  /** Answers of the API that the form deals with by itself; true when it did. */
  onProblem?: (error: ApiError, form: UseFormReturnType<Values>) => boolean;
}

/** A form that sends a body. Paths of errors are those of the body; fields carry the same names. */
export function useBodyForm<Values extends Record<string, unknown>, Body, Result>(
  options: FormOptions<Values, Body, Result>,
) {
  const { initial, schema, toBody, send, done, onProblem } = options;
  const form = useForm<Values>({ mode: 'controlled', initialValues: initial });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const sending = useRef(false);

  /** Shows errors at their fields and goes to the first; what has no field there is told below the form. */
  const showErrors = (errors: { path: string; message: string }[], otherwise: unknown) => {
    form.setErrors(Object.fromEntries(errors.map(({ path, message }) => [path, sentence(message)])));
    window.setTimeout(() => {
      const field = document.querySelector<HTMLElement>('form [aria-invalid="true"]');
      if (field === null) setFailure(otherwise);
      else field.focus();
    });
  };

  const submit = async () => {
    if (sending.current) return;
    setFailure(null);
    form.clearErrors();
    const parsed = schema.safeParse(toBody(form.getValues()));
    if (!parsed.success) {
      const errors = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
      showErrors(errors, new ApiError(invalidInput(errors)));
      return;
    }
    sending.current = true;
    setBusy(true);
    try {
      await done(await send(parsed.data));
    } catch (error) {
      if (error instanceof ApiError) {
        if (onProblem?.(error, form) === true) return;
        const errors = error.problem?.errors ?? [];
        const named =
          error.code === 'name_taken'
            ? [{ path: 'name', message: error.problem?.detail ?? error.message }]
            : [];
        const shown = errors.length > 0 ? errors : named;
        if (shown.length > 0) {
          showErrors(shown, error);
          return;
        }
      }
      setFailure(error);
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };
  return {
    form,
    busy,
    submit: () => void submit(),
    problem: failure === null ? null : <Failure error={failure} />,
  };
}

/** An empty text field is a field that was not filled in. */
export const orUndefined = (text: string): string | undefined => (text.trim() === '' ? undefined : text);
