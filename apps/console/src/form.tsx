/** Forms: the contract's schema checks what is sent, the API has the last word, both speak at the field. */
import { useForm, type UseFormReturnType } from '@mantine/form';
import { fieldMessage } from '@waybill/contracts/field-message.js';
import { PROBLEMS, type ProblemBody } from '@waybill/contracts/problems.js';
import { useEffect, useRef, useState } from 'react';
import type { ZodType } from 'zod';
import { z } from 'zod';
import { ApiError } from './api.js';
import { useUnsavedGuard } from './unsaved.js';

// No code is made from strings: the page's policy forbids it.
z.config({ jitless: true, customError: fieldMessage });

export interface FieldError {
  path: string;
  message: string;
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What the API would say about these errors. */
const invalidInput = (errors: FieldError[]): ApiError => {
  const { title, status } = PROBLEMS.invalid_input;
  const problem: ProblemBody = {
    type: 'about:blank#invalid_input',
    title,
    status,
    code: 'invalid_input',
    errors,
  };
  return new ApiError(problem);
};

/** Errors of the entries of a list stand at the list. */
const withoutIndex = (path: string): string => path.replace(/\.\d+$/, '');

/** A field that was left empty is not too short or of a wrong kind. */
function isEmptyAt(body: unknown, path: readonly PropertyKey[]): boolean {
  const value = path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    body,
  );
  return value === undefined || value === null || value === '';
}

interface FormOptions<Values, Body, Result> {
  initial: Values;
  schema: ZodType<Body>;
  /** What is wrong beyond the schema and can be told before it is sent, so that all is told at once. */
  check?: (values: Values) => FieldError[];
  /** The field at which one begins. */
  startAt?: string | undefined;
  /** What is sent for these values: empty fields left out. */
  toBody: (values: Values) => unknown;
  send: (body: Body, header: SeenHeader) => Promise<Result>;
  /** What is edited, as it was read: what somebody else saves meanwhile is not overwritten unasked. */
  stored?: { updatedAt: string } | null;
  done: (result: Result) => void | Promise<void>;
  /** The field for a path of the body, where they are not named alike. */
  fieldOf?: (path: string) => string;
  /** Answers of the API that the form deals with by itself; true when it did. */
  onProblem?: (error: ApiError, form: UseFormReturnType<Values>) => boolean;
}

/** A change is made only to what was seen (RFC 9110 §13.1.1). */
interface SeenHeader {
  'If-Match'?: string;
}

/** What the form on the page needs to know of the form behind it. */
export interface FormFrame {
  formRef: React.RefObject<HTMLFormElement | null>;
  busy: boolean;
  onSubmit: () => void;
  /** What went wrong and belongs to no field. */
  failure: unknown;
  /** Saves although somebody else has saved something meanwhile. */
  onOverwrite: () => void;
  /** Gives up what was typed, and shows what is saved now. */
  onReload: () => void;
}

/** A form that sends a body. Paths of errors are those of the body; fields carry the same names. */
export function useBodyForm<Values extends Record<string, unknown>, Body, Result>(
  options: FormOptions<Values, Body, Result>,
) {
  const { initial, schema, check, startAt, toBody, send, done, fieldOf = withoutIndex, onProblem } = options;
  const [seen] = useState(options.stored?.updatedAt);
  const form = useForm<Values>({ mode: 'controlled', initialValues: initial });
  const formRef = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  /** What was found wrong last; the page goes to the first, and tells at its end of those that have no field. */
  const [errors, setErrors] = useState<FieldError[]>([]);
  const sending = useRef(false);
  useUnsavedGuard(() => form.isDirty());

  /** Shows errors at their fields: of several at one, the first. */
  const showErrors = (errors: FieldError[]) => {
    const placed = errors.map(({ path, message }) => [fieldOf(path), sentence(message)] as const);
    form.setErrors(Object.fromEntries(placed.toReversed()));
    setErrors(errors);
  };
  useEffect(() => {
    if (errors.length === 0) return;
    const fields = [...(formRef.current?.querySelectorAll<HTMLElement>('[data-path]') ?? [])];
    const wrong = new Set(errors.map(({ path }) => fieldOf(path)));
    const first = fields.find(({ dataset }) => wrong.has(dataset['path'] ?? ''));
    first?.focus();
    // With what is said below it, and above the buttons.
    first?.closest('.mantine-InputWrapper-root')?.scrollIntoView({ block: 'nearest' });
    const there = new Set(fields.map(({ dataset }) => dataset['path']));
    const homeless = errors.filter(({ path }) => !there.has(fieldOf(path)));
    if (homeless.length > 0) setFailure(invalidInput(homeless));
    // Once for each time that errors came.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [errors]);

  useEffect(() => {
    if (startAt === undefined) return undefined;
    // Once the router has scrolled the new page to its top.
    const timer = window.setTimeout(() => {
      const fields = [...(formRef.current?.querySelectorAll<HTMLElement>('[data-path]') ?? [])];
      const field = fields.find(({ dataset }) => dataset['path'] === startAt);
      // Of a group of choices, the one that is made.
      (field?.querySelector<HTMLElement>('input:checked') ?? field)?.focus();
      field?.scrollIntoView({ block: 'center' });
    }, 50);
    return () => window.clearTimeout(timer);
  }, [startAt]);

  const submit = async (mayOverwrite: boolean) => {
    if (sending.current) return;
    setFailure(null);
    form.clearErrors();
    const body = toBody(form.getValues());
    const parsed = schema.safeParse(body);
    const wrong = [
      // In the words of the form, which come first where both speak of one field.
      ...(check?.(form.getValues()) ?? []),
      ...(parsed.error?.issues ?? []).map(({ path, message }) => ({
        path: path.join('.'),
        message: isEmptyAt(body, path) ? 'is needed' : message,
      })),
    ];
    if (!parsed.success || wrong.length > 0) {
      showErrors(wrong);
      return;
    }
    sending.current = true;
    setBusy(true);
    try {
      const isBound = seen !== undefined && !mayOverwrite;
      const result = await send(parsed.data, isBound ? { 'If-Match': `"${seen}"` } : {});
      form.resetDirty();
      await done(result);
    } catch (error) {
      if (error instanceof ApiError) {
        // Signing in again is asked for on top of the page.
        if (error.code === 'not_signed_in') return;
        if (onProblem?.(error, form) === true) return;
        const told = error.problem?.errors ?? [];
        if (told.length > 0) {
          showErrors(told);
          return;
        }
      }
      setFailure(error);
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };
  const frame: FormFrame = {
    formRef,
    busy,
    onSubmit: () => void submit(false),
    failure,
    onOverwrite: () => void submit(true),
    onReload: () => {
      form.resetDirty();
      window.location.reload();
    },
  };
  return { form, frame };
}

/** An empty text field is a field that was not filled in. */
export const orUndefined = (text: string): string | undefined => (text.trim() === '' ? undefined : text);
