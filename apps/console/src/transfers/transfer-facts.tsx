import type { Transfer } from '@waybill/contracts/transfers.js';
import { useCan } from '../access/session.js';
import { paths } from '../paths.js';
import { CodeToCopy } from '../ui/copy.js';
import { Facts, Section } from '../ui/facts.js';
import { Go } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { CAUSES } from '../words.js';

const AFTER = { keep: 'Stays at the source', delete: 'Deleted at the source', move: 'Moved at the source' };

/** Who asked, when, and the route as it was then. */
export function TransferFacts({ transfer }: { transfer: Transfer }) {
  const can = useCan();
  const { snapshot } = transfer;
  const when = (at: string | null) => (at === null ? '—' : <Instant at={at} full />);
  return (
    <>
      <Section
        title="Transfer"
        aside={
          can('audit:read') && (
            <Go href={paths.audit.list({ objectId: transfer.id })} className="link">
              Events in the audit log
            </Go>
          )
        }
      >
        <Facts
          columns={2}
          facts={[
            ['Cause', CAUSES[transfer.cause]],
            ['Asked for by', transfer.requestedBy],
            ['Asked for', when(transfer.createdAt)],
            ['Started', when(transfer.startedAt)],
            ['Ended', when(transfer.finishedAt)],
            ['Tries', `${transfer.tryCount} of ${transfer.maxTries}`],
            transfer.dueAt === null ? null : ['Was due', when(transfer.dueAt)],
            transfer.scheduleId === null
              ? null
              : [
                  'Schedule',
                  <Go key="s" href={paths.schedules.one(transfer.scheduleId)} className="link">
                    Open the schedule
                  </Go>,
                ],
            transfer.resendOfId === null
              ? null
              : [
                  'Repeats',
                  <Go key="r" href={paths.transfers.one(transfer.resendOfId)} className="link">
                    {transfer.resendFiles === 'all'
                      ? 'The earlier transfer'
                      : 'What the earlier transfer did not deliver'}
                  </Go>,
                ],
            ['Number', <CodeToCopy key="id" text={transfer.id} label="Copy the number of the transfer" />],
          ]}
        />
      </Section>
      <Section title="The route as it was then">
        <Facts
          columns={2}
          facts={[
            [
              'From',
              <Go key="f" href={paths.endpoints.one(snapshot.sourceEndpointId)} className="link">
                {snapshot.sourceEndpointName}
              </Go>,
            ],
            ['Folder', <code key="sp">{snapshot.sourcePath}</code>],
            [
              'To',
              <Go key="t" href={paths.endpoints.one(snapshot.targetEndpointId)} className="link">
                {snapshot.targetEndpointName}
              </Go>,
            ],
            ['Folder there', <code key="tp">{snapshot.targetPath}</code>],
            ['Files', <code key="p">{snapshot.filePattern}</code>],
            ['If it exists there', snapshot.ifExists === 'replace' ? 'Replaced' : 'The file fails'],
            ['After delivery', AFTER[snapshot.afterAction]],
            snapshot.archivePath === null ? null : ['Moved to', <code key="a">{snapshot.archivePath}</code>],
          ]}
        />
      </Section>
    </>
  );
}
