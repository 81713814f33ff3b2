import type { ReactNode } from 'react';
import { ActButton } from './ui/act-button.js';
import { act } from './ui/act.js';
import { Instant } from './ui/instant.js';
import { Notice } from './ui/notice.js';

/** Why a thing is on hold, and the button that ends it for whoever may. */
export function HoldNotice({
  title,
  name,
  since,
  children,
  release,
  remedy,
  isReady = true,
}: {
  title: string;
  name: string;
  since: string;
  children: ReactNode;
  release: false | (() => Promise<unknown>);
  /** What puts right what it is on hold for, before it is released. */
  remedy?: ReactNode;
  /** Whether releasing it is what should be done next. */
  isReady?: boolean;
}) {
  return (
    <Notice
      tone="warn"
      shape="pause"
      title={title}
      actions={
        release && (
          <>
            {remedy}
            <ActButton
              size="compact-sm"
              variant={isReady ? 'filled' : 'default'}
              act={() => act(release, `Released: ${name}`)}
            >
              Release
            </ActButton>
          </>
        )
      }
    >
      Since <Instant at={since} full />. {children}
    </Notice>
  );
}
