import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import {
  type Deviation,
  MAX_EXCEPTION_DAYS,
  deviation,
  exceptionRequest,
} from '@waybill/contracts/exceptions.js';
import type { Endpoint } from '@waybill/contracts/endpoints.js';
import { useState } from 'react';
import { api, client, refresh } from '../api.js';
import { dayStart } from '../format.js';
import { useBodyForm } from '../form.js';
import { paths } from '../paths.js';
import { EndpointPick } from '../pickers.js';
import { ReadAnew } from '../ui/awaiting.js';
import { FormLayout, FormSection } from '../ui/form-layout.js';
import { useGo } from '../ui/go.js';
import { Page } from '../ui/page.js';
import { toast } from '../ui/toast.js';
import { WEAKENING } from '../words.js';

const USUAL_DAYS = 90;
const DAY_MS = 24 * 3600_000;
/** The reader's day, so many days from now, as a date field has it. */
const dayIn = (days: number): string => {
  const at = new Date(Date.now() + days * DAY_MS);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
};

/** Asks for an exception: for which endpoint, for what, why, and until when. */
export function ExceptionRequestPage() {
  const { endpointId } = useSearch({ strict: false }) as { endpointId?: string };
  const [chosen, setChosen] = useState<string | null>(endpointId ?? null);
  const crumbs = [{ label: 'Exceptions', href: paths.exceptions.list() }];
  return (
    <Page title="Ask for an exception" crumbs={crumbs} narrow>
      {endpointId === undefined && (
        <div style={{ marginBottom: 20 }}>
          <EndpointPick
            label="Endpoint"
            description="One whose settings weaken protection or proof; its page says which."
            required
            value={chosen}
            onChange={setChosen}
          />
        </div>
      )}
      {chosen !== null && <RequestOf key={chosen} endpointId={chosen} />}
    </Page>
  );
}

function RequestOf({ endpointId }: { endpointId: string }) {
  const one = api.useQuery(
    'get',
    '/api/v1/endpoints/{id}',
    { params: { path: { id: endpointId } } },
    { staleTime: 0 },
  );
  return <ReadAnew query={one}>{(endpoint) => <RequestForm endpoint={endpoint as Endpoint} />}</ReadAnew>;
}

function RequestForm({ endpoint }: { endpoint: Endpoint }) {
  const go = useGo();
  const needed = endpoint.deviations.filter(({ coveredBy }) => coveredBy === null);
  const { form, frame } = useBodyForm({
    initial: {
      deviations: needed.map(({ kind }) => kind),
      justification: '',
      endsAt: dayIn(USUAL_DAYS),
    },
    schema: exceptionRequest,
    toBody: (values) => ({
      ...values,
      // To the end of that day.
      endsAt: values.endsAt === '' ? undefined : lastMoment(values.endsAt),
    }),
    send: (body) =>
      client.POST('/api/v1/endpoints/{id}/exceptions', { params: { path: { id: endpoint.id } }, body }),
    done: async () => {
      await refresh('/api/v1/exceptions', '/api/v1/overview');
      toast.done('The exception is asked for', 'An administrator must approve it.');
      go(paths.endpoints.one(endpoint.id));
    },
  });
  const field = form.getInputProps;
  return (
    <FormLayout
      label="Ask for an exception"
      submit="Ask for it"
      frame={frame}
      cancelTo={paths.endpoints.one(endpoint.id)}
      isShort
    >
      <FormSection
        title={endpoint.name}
        hint={
          <>
            It counts for <code>{endpoint.host}</code> alone, once another administrator (or the only one) has
            approved it, and is over by itself.
          </>
        }
      >
        <Checkbox.Group label="What it permits" required {...field('deviations')}>
          <div className="radios">
            {deviation.options.map((kind: Deviation) => (
              <Checkbox
                key={kind}
                value={kind}
                label={WEAKENING[kind].word}
                description={WEAKENING[kind].says}
              />
            ))}
          </div>
        </Checkbox.Group>
        <Textarea
          label="Justification"
          description="Why it is needed, and what makes it bearable: a line of its own, a date by which the partner is ready. Auditors read it."
          required
          autosize
          minRows={3}
          maxLength={2000}
          {...field('justification')}
        />
        <TextInput
          type="date"
          label="Until the end of"
          description={`Within ${MAX_EXCEPTION_DAYS} days; it can be asked for again then.`}
          required
          min={dayIn(0)}
          max={dayIn(MAX_EXCEPTION_DAYS - 1)}
          {...field('endsAt')}
        />
      </FormSection>
    </FormLayout>
  );
}

/** The last moment of the reader's day. */
const lastMoment = (date: string): string => new Date(Date.parse(dayStart(date, 1)) - 1).toISOString();
