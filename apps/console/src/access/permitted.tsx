import type { Permission } from '@waybill/contracts/permissions.js';
import type { ReactNode } from 'react';
import { paths } from '../paths.js';
import { Go } from '../ui/go.js';
import { Empty } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { ROLE_WORDS } from '../words.js';
import { useCan, useMe } from './session.js';

/** A page for those who are permitted what it is for; the others, who came by a link, are told. */
export function Permitted({ to, children }: { to: Permission; children: ReactNode }) {
  const can = useCan();
  const me = useMe();
  if (can(to)) return children;
  return (
    <Page title="Not permitted">
      <Empty
        title={`This is not for the role ${ROLE_WORDS[me.role]}`}
        action={
          <Go href={paths.overview} className="link">
            Go to the overview
          </Go>
        }
      >
        Ask an administrator, if you need it.
      </Empty>
    </Page>
  );
}
