import { Button } from '@mantine/core';
import { useCan } from '../access/session.js';
import { api } from '../api.js';
import { Awaiting } from '../ui/awaiting.js';
import { paths } from '../paths.js';
import { usePauseSwitch } from '../pause.js';
import { Facts, Section } from '../ui/facts.js';
import { Go } from '../ui/go.js';
import { Instant, RelativeInstant } from '../ui/instant.js';
import { Notice } from '../ui/notice.js';
import { Page } from '../ui/page.js';

/** What concerns the whole installation: the pause, and its workers. */
export function SettingsPage() {
  const can = useCan();
  const { pause, resume } = usePauseSwitch();
  const overview = api.useQuery('get', '/api/v1/overview', {});
  if (overview.data === undefined) {
    return (
      <Page title="Settings" narrow>
        <Awaiting query={overview} />
      </Page>
    );
  }
  const { paused, workers } = overview.data;
  return (
    <Page title="Settings" narrow>
      <Section title="Pause">
        <div style={{ paddingTop: 8 }}>
          {paused === null ? (
            <Notice
              tone="ok"
              title="Transfers start as planned"
              actions={
                can('setting:write') && (
                  <Button variant="default" onClick={() => void pause()}>
                    Pause all
                  </Button>
                )
              }
            >
              A pause stops every new start at once: for maintenance, or when something looks wrong.
            </Notice>
          ) : (
            <Notice
              tone="warn"
              title="Waybill is paused"
              actions={can('setting:write') && <Button onClick={() => void resume()}>Resume</Button>}
            >
              By {paused.by}, <Instant at={paused.at} full />: {paused.reason}
            </Notice>
          )}
        </div>
      </Section>
      <Section title="Workers">
        <Facts
          facts={[
            ['Alive now', workers.alive],
            [
              'Last seen',
              workers.lastSeenAt === null ? 'Never' : <RelativeInstant key="at" at={workers.lastSeenAt} />,
            ],
          ]}
        />
      </Section>
      <Section title="For programs">
        <Facts
          facts={[
            [
              'API reference',
              <a key="docs" className="link" href="/api/docs">
                /api/docs
              </a>,
            ],
            [
              'OpenAPI',
              <a key="doc" className="link" href="/api/openapi.json">
                /api/openapi.json
              </a>,
            ],
            can('api-key:read')
              ? [
                  'API keys',
                  <Go key="keys" className="link" href={paths.apiKeys.list()}>
                    Manage them
                  </Go>,
                ]
              : null,
          ]}
        />
      </Section>
    </Page>
  );
}
