import type { EndpointTest } from '@waybill/contracts/endpoints.js';
import { WHO_ACTS } from '@waybill/contracts/who-acts.js';
import { useEffect } from 'react';
import { api, refresh } from '../api.js';
import { countOf, formatDuration, spanMs } from '../format.js';
import { ConnectionView, StepView } from '../session-view.js';
import { Dialogue } from '../ui/dialogue.js';
import { Awaiting } from '../ui/awaiting.js';
import { Instant } from '../ui/instant.js';
import { Mark } from '../ui/mark.js';
import { Notice } from '../ui/notice.js';
import { Progress } from '../ui/progress.js';
import { failureWords, TEST_STATES } from '../words.js';
import classes from './endpoints.module.css';

const POLL_MS = 700;

/** A connection test as it happens: steps with their times, then TLS facts and the dialogue. */
export function EndpointTestView({ testId, isLocal }: { testId: string; isLocal: boolean }) {
  const one = api.useQuery(
    'get',
    '/api/v1/endpoint-tests/{id}',
    { params: { path: { id: testId } } },
    {
      staleTime: 0,
      refetchInterval: (query) => (query.state.data?.finishedAt == null ? POLL_MS : false),
    },
  );
  const isOver = one.data?.finishedAt != null;
  useEffect(() => {
    if (isOver) void refresh('/api/v1/endpoints');
  }, [isOver, testId]);
  if (one.data === undefined) return <Awaiting query={one} />;
  const test = one.data as EndpointTest;
  const { state, steps, connection, dialogue, entryCount, failureText, failureKind, whoActs } = test;
  return (
    <div aria-live="polite" aria-busy={!isOver}>
      <div className={classes.testHead}>
        <Mark look={TEST_STATES[state]} size={16} />
        <span className="soft">
          <Instant at={test.createdAt} full /> by {test.requestedBy}
        </span>
        {test.finishedAt !== null && (
          <span className="soft">{formatDuration(spanMs(test.createdAt, test.finishedAt))}</span>
        )}
        {entryCount !== null && (
          <span className="soft">{countOf(entryCount, 'entry', 'entries')} in the base folder</span>
        )}
      </div>
      {!isOver && steps.length === 0 && <Progress percent={null} label="The test waits for a worker" />}
      {failureText !== null && (
        <div className={classes.why}>
          <Notice tone="bad" title={failureWords(failureKind)}>
            {failureText}
            {whoActs !== null && ` ${WHO_ACTS[whoActs]}`}
          </Notice>
        </div>
      )}
      {steps.length > 0 && <StepView steps={steps} said={failureText} />}
      {!isLocal && isOver && (connection !== null || dialogue.length > 0) && (
        <details className={classes.more}>
          <summary>TLS facts and dialogue</summary>
          {connection !== null && <ConnectionView connection={connection} title="Connection" />}
          <div style={{ height: 12 }} />
          {dialogue.length > 0 && <Dialogue rows={dialogue} label="Dialogue of the test" />}
        </details>
      )}
    </div>
  );
}
