import { Button } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import type { AttemptSummary } from '@waybill/contracts/transfers.js';
import { WHO_ACTS } from '@waybill/contracts/who-acts.js';
import { useState } from 'react';
import { api, byCursor, rowsOf } from '../api.js';
import { formatBytes, formatCount, formatDuration, formatRate } from '../format.js';
import { usePollMs } from '../live.js';
import { ConnectionView, StepView } from '../session-view.js';
import { CodeToCopy } from '../ui/copy.js';
import { Dialogue } from '../ui/dialogue.js';
import { Facts } from '../ui/facts.js';
import { Awaiting } from '../ui/awaiting.js';
import { FilterBar, useFilters } from '../ui/filters.js';
import { Instant } from '../ui/instant.js';
import { Mark, Tag } from '../ui/mark.js';
import { Empty, Notice } from '../ui/notice.js';
import { ATTEMPT_OUTCOMES, failureWords, verifiedWords } from '../words.js';
import classes from './transfers.module.css';

/** Every try at every file, newest first; the first is open. */
export function AttemptList({ transferId, isRunning }: { transferId: string; isRunning: boolean }) {
  const { filters, clear, isFiltered } = useFilters(['fileId'] as const);
  const pollMs = usePollMs(2000);
  const list = api.useInfiniteQuery(
    'get',
    '/api/v1/transfers/{id}/attempts',
    { params: { path: { id: transferId }, query: { fileId: filters.fileId, limit: 20 } } },
    { ...byCursor, refetchInterval: isRunning ? Math.min(pollMs, 4000) : false },
  );
  const attempts = rowsOf(list.data) as AttemptSummary[];
  if (list.data === undefined) return <Awaiting query={list} />;
  return (
    <>
      {isFiltered && (
        <FilterBar onClear={clear}>
          <span className="soft breaks">Only {attempts[0]?.fileName ?? 'one file'}</span>
        </FilterBar>
      )}
      {attempts.length === 0 && (
        <Empty title={isRunning ? 'The first try runs now' : 'No try was made yet'}>
          A try that has ended shows its steps, TLS facts and dialogue here.
        </Empty>
      )}
      {attempts.map((attempt, index) => (
        <AttemptView key={attempt.id} transferId={transferId} attempt={attempt} startsOpen={index === 0} />
      ))}
      {list.hasNextPage && (
        <Button
          mt="md"
          variant="default"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show more
        </Button>
      )}
    </>
  );
}

interface AttemptOfTransfer {
  transferId: string;
  attempt: AttemptSummary;
}

function AttemptView({ transferId, attempt, startsOpen }: AttemptOfTransfer & { startsOpen: boolean }) {
  const [open, setOpen] = useState(startsOpen);
  const {
    outcome,
    fileName,
    tryNumber,
    bytes,
    bytesPerSecond,
    durationMs,
    failureText,
    failureKind,
    whoActs,
  } = attempt;
  const isToldByStep = attempt.timeline.some(({ detail }) => detail === failureText);
  return (
    <div className={classes.attempt}>
      <button
        type="button"
        className={classes.attemptHead}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <IconChevronRight size={14} aria-hidden="true" />
        <Mark look={ATTEMPT_OUTCOMES[outcome]} />
        <span className={classes.attemptFile}>{fileName ?? 'Before the first file'}</span>
        <span className={classes.attemptFacts}>
          <span>Try {tryNumber}</span>
          <span>{formatBytes(bytes)}</span>
          {bytesPerSecond !== null && <span>{formatRate(bytesPerSecond)}</span>}
          {durationMs !== null && <span>{formatDuration(durationMs)}</span>}
          <Instant at={attempt.startedAt} />
        </span>
      </button>
      {open && (
        <div className={classes.attemptBody}>
          {failureText !== null && (
            <Notice tone="bad" title={failureWords(failureKind)}>
              {!isToldByStep && `${failureText} `}
              {whoActs !== null && WHO_ACTS[whoActs]}
            </Notice>
          )}
          <Evidence attempt={attempt} />
          <h2 className={classes.sub}>Steps</h2>
          <StepView steps={attempt.timeline} />
          {attempt.connections.map((connection) => (
            <ConnectionView
              key={connection.side}
              connection={connection}
              title={connection.side === 'source' ? 'Source' : 'Target'}
            />
          ))}
          <AttemptDialogue transferId={transferId} attempt={attempt} />
          <p className="faint" style={{ marginTop: 12 }}>
            Worker <code>{attempt.workerId}</code>
          </p>
        </div>
      )}
    </div>
  );
}

/** How it is known that the file arrived, and how much of it was sent now. */
function Evidence({ attempt }: { attempt: AttemptSummary }) {
  const { bytes, resumedFromBytes, verification, verificationAlgorithm, confirmationLost, sha256 } = attempt;
  if (verification === null && resumedFromBytes === null) return null;
  return (
    <Facts
      columns={2}
      facts={[
        verification === null
          ? null
          : [
              'Verified by',
              verification === 'none' ? (
                <Tag key="v" tone="warn">
                  Not verified
                </Tag>
              ) : (
                verifiedWords(verification, verificationAlgorithm)
              ),
            ],
        sha256 === null
          ? null
          : [
              'SHA-256',
              <CodeToCopy key="s" text={sha256} shown={`${sha256.slice(0, 16)}…`} label="Copy the SHA-256" />,
            ],
        resumedFromBytes === null
          ? null
          : [
              'Went on',
              `At byte ${formatCount(resumedFromBytes)}, where an earlier try had stopped; ${formatBytes(Math.max(0, bytes - resumedFromBytes))} were sent now`,
            ],
        confirmationLost
          ? [
              'Confirmation',
              'Lost on the way. That all had arrived was seen by looking; nothing was sent twice.',
            ]
          : null,
      ]}
    />
  );
}

/** Read when the attempt is opened: a hundred attempts would be a hundred dialogues. What ended stays as it is. */
function AttemptDialogue({ transferId, attempt: { id, tryNumber } }: AttemptOfTransfer) {
  const one = api.useQuery(
    'get',
    '/api/v1/transfers/{id}/attempts/{attemptId}',
    { params: { path: { id: transferId, attemptId: id } } },
    { staleTime: Infinity },
  );
  if (one.data?.dialogue.length === 0) return null;
  return (
    <>
      <h2 className={classes.sub}>Dialogue</h2>
      <Awaiting query={one} />
      {one.data !== undefined && <Dialogue rows={one.data.dialogue} label={`Dialogue of try ${tryNumber}`} />}
    </>
  );
}
