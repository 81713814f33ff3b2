import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useCan } from '../access/session.js';
import { api, client, refresh } from '../api.js';
import { Awaiting } from '../ui/awaiting.js';
import { paths } from '../paths.js';
import { DeleteButton } from '../ui/delete-button.js';
import { Facts } from '../ui/facts.js';
import { Go, useGo } from '../ui/go.js';
import { Instant } from '../ui/instant.js';
import { Tag } from '../ui/mark.js';
import { Page } from '../ui/page.js';
import classes from './partners.module.css';

/** One partner with its endpoints, routes and newest transfers. */
export function PartnerPage({ id, panels }: { id: string; panels: Record<string, ReactNode> }) {
  const can = useCan();
  const go = useGo();
  const path = { params: { path: { id } } };
  const one = api.useQuery('get', '/api/v1/partners/{id}', path);
  const crumbs = [{ label: 'Partners', href: paths.partners.list() }];
  if (one.data === undefined) {
    return (
      <Page title="Partner" crumbs={crumbs}>
        <Awaiting query={one} />
      </Page>
    );
  }
  const partner = one.data;
  const actions = can('partner:write') && (
    <>
      <DeleteButton
        what="partner"
        name={partner.name}
        body="Only possible when it has no endpoints and routes any more. Its past transfers stay."
        remove={async () => {
          await client.DELETE('/api/v1/partners/{id}', path);
          go(paths.partners.list());
          await refresh('/api/v1/partners');
        }}
      />
      <Button variant="default" component={Go} href={paths.partners.edit(id)}>
        Edit
      </Button>
      {can('endpoint:write') && (
        <Button component={Go} href={paths.endpoints.create({ partnerId: id })} data-create>
          Add an endpoint
        </Button>
      )}
    </>
  );
  return (
    <Page title={partner.name} crumbs={crumbs} actions={actions}>
      <div className={classes.stack}>
        <div>
          {partner.description !== '' && <p className={classes.about}>{partner.description}</p>}
          <Facts
            columns={2}
            facts={[
              ['Contact', partner.contactName === '' ? '—' : partner.contactName],
              [
                'E-mail',
                partner.contactEmail === '' ? (
                  '—'
                ) : (
                  <a key="mail" className="link" href={`mailto:${partner.contactEmail}`}>
                    {partner.contactEmail}
                  </a>
                ),
              ],
              [
                'Tags',
                partner.tags.length === 0 ? (
                  '—'
                ) : (
                  <span key="tags" className={classes.tags}>
                    {partner.tags.map((tag) => (
                      <Go key={tag} href={paths.partners.list({ tag })}>
                        <Tag>{tag}</Tag>
                      </Go>
                    ))}
                  </span>
                ),
              ],
              ['Since', <Instant key="since" at={partner.createdAt} full />],
            ]}
          />
        </div>
        {panels['endpoints']}
        {panels['routes']}
        {panels['transfers']}
      </div>
    </Page>
  );
}
