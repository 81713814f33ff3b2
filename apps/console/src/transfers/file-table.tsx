import type { Transfer, TransferFile, TransferFileState } from '@waybill/contracts/transfers.js';
import { api, byCursor, rowsOf } from '../api.js';
import { formatBytes, percent } from '../format.js';
import { usePollMs } from '../live.js';
import { paths } from '../paths.js';
import { CodeToCopy } from '../ui/copy.js';
import { DataTable, type Column } from '../ui/data-table.js';
import { Facts } from '../ui/facts.js';
import { ChoiceFilter, choicesOf, FilterBar, useFilters } from '../ui/filters.js';
import { Go } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { none } from '../ui/none.js';
import { Mark, Tag } from '../ui/mark.js';
import { Empty } from '../ui/notice.js';
import { Progress } from '../ui/progress.js';
import { failureWords, FILE_STATES, verifiedWords } from '../words.js';
import { noFilesWords } from './course-words.js';
import classes from './transfers.module.css';

const COLUMNS: Column<TransferFile>[] = [
  {
    key: 'state',
    header: 'State',
    width: '112px',
    cell: ({ state }) => <Mark look={FILE_STATES[state]} />,
    card: 'aside',
  },
  {
    key: 'name',
    header: 'File',
    width: 'minmax(200px, 2fr)',
    cell: ({ name }) => <span data-hint={name}>{name}</span>,
    card: 'title',
  },
  {
    key: 'standing',
    header: 'Result',
    width: 'minmax(120px, 1.3fr)',
    cell: (file) => <FileStanding file={file} />,
  },
  {
    key: 'size',
    header: 'Size',
    width: '84px',
    align: 'end',
    cell: ({ sizeBytes }) => (sizeBytes === null ? '—' : formatBytes(sizeBytes)),
  },
  {
    key: 'attempts',
    header: 'Attempts',
    width: '72px',
    align: 'end',
    cell: ({ attemptCount }) => attemptCount,
    spare: true,
  },
  {
    key: 'delivered',
    header: 'Delivered',
    width: '108px',
    align: 'end',
    cell: ({ deliveredAt }) => (deliveredAt === null ? none : <Instant at={deliveredAt} />),
  },
];

function FileStanding({ file }: { file: TransferFile }) {
  if (file.state === 'moving') {
    const share = percent(file.movedBytes, file.sizeBytes ?? 0);
    return (
      <span className={classes.standing}>
        <Progress percent={file.sizeBytes === null ? null : share} label={`${file.name}: ${share} %`} />
        <span>{share} %</span>
      </span>
    );
  }
  if (file.skipReason !== null) return <span data-hint={file.skipReason}>{file.skipReason}</span>;
  if (file.failureKind !== null)
    return <span data-hint={file.failureText ?? undefined}>{failureWords(file.failureKind)}</span>;
  if (file.verification === 'none') return <Tag tone="warn">Not verified</Tag>;
  if (file.verification !== null)
    return <>Verified: {verifiedWords(file.verification, file.verificationAlgorithm)}</>;
  return null;
}

/** The files of a transfer, each opening to its paths, hash and failure. */
export function FileTable({ transfer }: { transfer: Transfer }) {
  const { filters, of, clear, isFiltered } = useFilters(['fileState'] as const);
  const pollMs = usePollMs(2000);
  const state = filters.fileState as TransferFileState | undefined;
  const noFiles = noFilesWords(transfer);
  const list = api.useInfiniteQuery(
    'get',
    '/api/v1/transfers/{id}/files',
    { params: { path: { id: transfer.id }, query: { state, limit: 100 } } },
    { ...byCursor, refetchInterval: transfer.state === 'running' ? pollMs : false },
  );
  return (
    <>
      {(isFiltered || Object.keys(transfer.fileStates).length > 1) && (
        <FilterBar onClear={isFiltered && clear}>
          <ChoiceFilter label="State" choices={choicesOf(FILE_STATES)} {...of('fileState')} />
        </FilterBar>
      )}
      <DataTable
        label="Files"
        rows={rowsOf(list.data)}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        feed={list}
        detail={(file) => <FileDetail file={file} transferId={transfer.id} />}
        empty={
          isFiltered ? (
            <Empty title="No file is in this state" />
          ) : (
            <Empty title={noFiles.title}>{noFiles.text}</Empty>
          )
        }
      />
    </>
  );
}

function FileDetail({ file, transferId }: { file: TransferFile; transferId: string }) {
  return (
    <>
      <Facts
        columns={2}
        facts={[
          ['From', <code key="from">{file.sourcePath}</code>],
          ['To', <code key="to">{file.targetPath}</code>],
          file.modifiedAt === null
            ? null
            : ['Changed at source', <Instant key="at" at={file.modifiedAt} full />],
          file.sha256 === null
            ? null
            : ['SHA-256', <CodeToCopy key="hash" text={file.sha256} label="Copy the hash" />],
          file.afterActionAt === null
            ? null
            : ['Source dealt with', <Instant key="after" at={file.afterActionAt} full />],
          file.failureText === null ? null : ['Failure', file.failureText],
        ]}
      />
      <Go href={paths.transfers.one(transferId, { tab: 'attempts', fileId: file.id })} className="link">
        Attempts for this file
      </Go>
    </>
  );
}
