/** Choosing a thing by its name: in forms and in filters. The choices are looked up as one types. */
import { MultiSelect, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { api } from './api.js';
import { ChoiceFilter, type Choice } from './ui/filters.js';
import { PROTOCOLS } from './words.js';

const LOOKED_UP = 50;
const asChoice = ({ id, name }: { id: string; name: string }): Choice => ({ value: id, label: name });

interface Looked {
  choices: Choice[];
  one: Choice | undefined;
  /** Said where there is no choice. */
  nothing: string;
}
const wordsOf = ({ isPending, isError }: { isPending: boolean; isError: boolean }): string =>
  isPending ? 'Looking…' : isError ? 'Waybill did not answer' : 'Nothing found';

type Lookup = (search: string, id: string | undefined) => Looked;

const query = (search: string) => ({ params: { query: { search: search || undefined, limit: LOOKED_UP } } });
const byId = (id: string | undefined) => ({ params: { path: { id: id ?? '' } } });

const usePartners: Lookup = (search, id) => {
  const list = api.useQuery('get', '/api/v1/partners', query(search));
  const one = api.useQuery('get', '/api/v1/partners/{id}', byId(id), { enabled: id !== undefined });
  return {
    choices: (list.data?.items ?? []).map(asChoice),
    one: one.data && asChoice(one.data),
    nothing: wordsOf(list),
  };
};

const useEndpoints: Lookup = (search, id) => {
  const list = api.useQuery('get', '/api/v1/endpoints', query(search));
  const one = api.useQuery('get', '/api/v1/endpoints/{id}', byId(id), { enabled: id !== undefined });
  const label = (endpoint: NonNullable<typeof one.data>): Choice => ({
    value: endpoint.id,
    label: `${endpoint.name} (${PROTOCOLS[endpoint.protocol]})`,
  });
  return {
    choices: (list.data?.items ?? []).map(label),
    one: one.data && label(one.data),
    nothing: wordsOf(list),
  };
};

const useRoutes: Lookup = (search, id) => {
  const list = api.useQuery('get', '/api/v1/routes', query(search));
  const one = api.useQuery('get', '/api/v1/routes/{id}', byId(id), { enabled: id !== undefined });
  return {
    choices: (list.data?.items ?? []).map(asChoice),
    one: one.data && asChoice(one.data),
    nothing: wordsOf(list),
  };
};

const useCredentials: Lookup = (search, id) => {
  const list = api.useQuery('get', '/api/v1/credentials', query(search));
  const one = api.useQuery('get', '/api/v1/credentials/{id}', byId(id), { enabled: id !== undefined });
  const label = (credential: NonNullable<typeof one.data>): Choice => ({
    value: credential.id,
    label: `${credential.name} (${credential.username})`,
  });
  return {
    choices: (list.data?.items ?? []).map(label),
    one: one.data && label(one.data),
    nothing: wordsOf(list),
  };
};

/** Those of ours, which servers ask for. */
const useOwnCertificates: Lookup = (search, id) => {
  const own = { search: search || undefined, kind: 'client' as const, limit: LOOKED_UP };
  const list = api.useQuery('get', '/api/v1/certificates', { params: { query: own } });
  const one = api.useQuery('get', '/api/v1/certificates/{id}', byId(id), { enabled: id !== undefined });
  return {
    choices: (list.data?.items ?? []).map(asChoice),
    one: one.data && asChoice(one.data),
    nothing: list.data?.items.length === 0 && search === '' ? 'None is imported yet' : wordsOf(list),
  };
};

const withOne = ({ choices, one }: Looked): Choice[] =>
  one === undefined || choices.some(({ value }) => value === one.value) ? choices : [one, ...choices];

interface PickProps {
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  value?: string | null;
  onChange: (value: string | null) => void;
  required?: boolean;
  placeholder?: string;
  disabled?: boolean;
}

function makePick(useLookup: Lookup, placeholder: string) {
  return function Pick({ value = null, onChange, ...rest }: PickProps) {
    const [text, setText] = useState('');
    const [search] = useDebouncedValue(text, 150);
    const looked = useLookup(search, value ?? undefined);
    const chosen = looked.one?.label;
    return (
      <Select
        placeholder={placeholder}
        searchable
        clearable={!rest.required}
        data={withOne(looked).map(({ value: id, label }) => ({ value: id, label }))}
        value={value}
        onChange={onChange}
        onSearchChange={(next) => setText(next === chosen ? '' : next)}
        filter={({ options }) => options}
        nothingFoundMessage={looked.nothing}
        comboboxProps={{ shadow: 'md' }}
        clearButtonProps={{ 'aria-label': `Clear ${rest.label}` }}
        {...rest}
      />
    );
  };
}

export const PartnerPick = makePick(usePartners, 'Choose a partner');
export const EndpointPick = makePick(useEndpoints, 'Choose an endpoint');
export const RoutePick = makePick(useRoutes, 'Choose a route');
export const CredentialPick = makePick(useCredentials, 'Choose a credential');

export const CertificatePick = makePick(useOwnCertificates, 'None');

/** Several certificates of one kind. */
export function CertificatesPick({
  kind,
  value,
  onChange,
  ...rest
}: {
  kind: 'ca' | 'pinned_key';
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  value?: string[];
  onChange: (value: string[]) => void;
  placeholder?: string;
}) {
  const list = api.useQuery('get', '/api/v1/certificates', { params: { query: { kind, limit: 200 } } });
  return (
    <MultiSelect
      searchable
      required
      data={(list.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      value={value}
      onChange={onChange}
      nothingFoundMessage={list.data?.items.length === 0 ? 'None is imported yet' : wordsOf(list)}
      maxValues={20}
      comboboxProps={{ shadow: 'md' }}
      {...rest}
    />
  );
}

interface FilterProps {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

function makeFilter(useLookup: Lookup, label: string) {
  return function ThingFilter({ value, onChange }: FilterProps) {
    const [text, setText] = useState('');
    const [search] = useDebouncedValue(text, 150);
    const looked = useLookup(search, value);
    return (
      <ChoiceFilter
        label={label}
        choices={withOne(looked)}
        value={value}
        onChange={onChange}
        onSearch={setText}
        valueLabel={looked.one?.label}
      />
    );
  };
}

export const PartnerFilter = makeFilter(usePartners, 'Partner');
export const RouteFilter = makeFilter(useRoutes, 'Route');
export const EndpointFilter = makeFilter(useEndpoints, 'Endpoint');
