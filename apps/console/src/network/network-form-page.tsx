import { NumberInput, TextInput } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { networkAllowCreate } from '@waybill/contracts/network.js';
import { client, refresh } from '../api.js';
import { useBodyForm } from '../form.js';
import { paths } from '../paths.js';
import { FieldRow, FormLayout, FormSection } from '../ui/form-layout.js';
import { useGo } from '../ui/go.js';
import { Notice } from '../ui/notice.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';

export function NetworkCreatePage() {
  const go = useGo();
  const known = useSearch({ strict: false }) as { address?: string; port?: string; note?: string };
  const port: number | string = Number(known.port) || '';
  const { form, frame } = useBodyForm({
    initial: { cidr: known.address ?? '', fromPort: port, toPort: port, note: known.note ?? '' },
    schema: networkAllowCreate,
    toBody: ({ cidr, fromPort, toPort, note }) => ({
      cidr: cidr.trim(),
      fromPort: fromPort === '' ? undefined : fromPort,
      toPort: toPort === '' ? undefined : toPort,
      note,
    }),
    send: (body) => client.POST('/api/v1/network-allow', { body }),
    done: async () => {
      await refresh('/api/v1/network-allow');
      toast.done('The range is allowed');
      go(paths.network.list());
    },
  });
  const field = form.getInputProps;
  return (
    <Page title="Allow a range" crumbs={[{ label: 'Network', href: paths.network.list() }]} narrow>
      <FormLayout label="Allow a range" submit="Allow" frame={frame} cancelTo={paths.network.list()}>
        <FormSection title="Range" hint="Keep it as narrow as the servers in it.">
          <TextInput
            label="Addresses"
            description="10.20.1.5 for one machine, 10.20.0.0/16 for a network."
            placeholder="10.20.1.5"
            required
            autoFocus
            spellCheck={false}
            {...field('cidr')}
          />
          <FieldRow>
            <NumberInput
              label="From port"
              description="FTPS needs the control port and the server's data ports."
              min={1}
              max={65535}
              required
              hideControls
              {...field('fromPort')}
            />
            <NumberInput label="To port" min={1} max={65535} required hideControls {...field('toPort')} />
          </FieldRow>
          {known.port !== undefined && (
            <Notice tone="warn" shape="question" title={`Port ${known.port} alone is not enough`}>
              It is the one that was refused. A server needs its control port and, for listings and files, the
              ports of its data connections, another one each time. Widen the range until it holds them all,
              or allow them in a second one: whoever runs the server knows its passive ports.
            </Notice>
          )}
          <TextInput label="Note" description="Why it is allowed." {...field('note')} />
        </FormSection>
      </FormLayout>
    </Page>
  );
}
