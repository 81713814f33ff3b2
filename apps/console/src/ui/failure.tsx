import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiError } from '../api.js';
import { CodeToCopy } from './copy.js';
import { Notice } from './notice.js';

const WHAT_TO_DO: Partial<Record<ApiError['code'], string>> = {
  unreachable: 'Check that Waybill is running and that your network reaches it, then try again.',
  not_found: 'Check the link, or go back to the list.',
  forbidden: 'Ask an administrator for a role that permits it.',
  internal: 'Try again. If it stays, ask for help and name the request.',
};

/** The sentence that says what went wrong this time and what to do. */
export function failureText(error: unknown): string {
  if (!(error instanceof ApiError)) return 'The console met a fault of its own. Reload the page.';
  if (error.code === 'changed_meanwhile')
    return 'It was saved after you opened this form, by somebody else or in another tab. Showing what is saved gives up what you have entered here.';
  const fields = error.problem?.errors?.map(({ path, message }) => `${path} ${message}`).join('; ');
  return [error.problem?.detail ?? fields, WHAT_TO_DO[error.code]].filter(Boolean).join(' ');
}

export const failureTitle = (error: unknown): string =>
  error instanceof ApiError ? error.message : 'This part of the page failed';

const isOurs = ({ problem }: ApiError): boolean => (problem?.status ?? 0) >= 500;

/** What was asked for did not come: why, what to do, and the number of the request. */
export function Failure({
  error,
  retry,
  actions,
}: {
  error: unknown;
  retry?: () => void;
  actions?: ReactNode;
}) {
  // Only a fault of ours is something to ask for help about.
  const requestId = error instanceof ApiError && isOurs(error) ? error.problem?.requestId : undefined;
  const isFinal = error instanceof ApiError && (error.code === 'forbidden' || error.code === 'not_found');
  return (
    <Notice
      alert
      tone="bad"
      title={failureTitle(error)}
      actions={
        retry !== undefined && !isFinal ? (
          <Button size="compact-sm" variant="default" onClick={retry}>
            Try again
          </Button>
        ) : (
          actions
        )
      }
    >
      <p>{failureText(error)}</p>
      {requestId !== undefined && (
        <p>
          Request <CodeToCopy text={requestId} label="Copy the request number" />
        </p>
      )}
    </Notice>
  );
}
