/** What every list of the console has: a page of its own, and a short form on the pages of others. */
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { DataTable, type DataTableProps } from './ui/data-table.js';
import { Section } from './ui/facts.js';
import { ChoiceFilter, FilterBar } from './ui/filters.js';
import { Go } from './ui/go.js';
import { Empty } from './ui/notice.js';
import { Page } from './ui/page.js';

interface Identified {
  id: string;
}
type Rows<Row> = Pick<DataTableProps<Row>, 'rows' | 'columns' | 'rowHref' | 'feed' | 'detail'>;

interface ListPageProps<Row> extends Rows<Row> {
  title: string;
  lead?: ReactNode;
  /** One of the rows, as in "No route fits these filters". */
  noun: string;
  /** Shown to whoever may make a new one: what the button says, and where it leads. */
  create?: readonly [label: string, href: string] | false;
  filters?: { filters: Partial<Record<string, string>>; isFiltered: boolean; clear: () => void };
  /** The filters themselves. */
  bar?: ReactNode;
  /** Where there is none yet: a sentence on what they are for, and what to press where nothing can be made here. */
  none: ReactNode;
  noneTitle?: string;
  noneAction?: ReactNode;
}

/** A list as a page: filters kept in the URL, rows that go on by cursor, and what to press where there are none. */
export function ListPage<Row extends Identified>(props: ListPageProps<Row>) {
  const { title, lead, noun, create, filters, bar, none, noneTitle, noneAction, ...table } = props;
  const button = create && (
    <Button component={Go} href={create[1]} data-create>
      {create[0]}
    </Button>
  );
  return (
    <Page title={title} lead={lead} actions={button || undefined}>
      {bar !== undefined && <FilterBar onClear={filters?.isFiltered && filters.clear}>{bar}</FilterBar>}
      <DataTable
        label={title}
        rowKey={({ id }) => id}
        {...table}
        empty={
          filters?.isFiltered ? (
            <Empty title={`No ${noun} fits these filters`}>
              {filters.filters['search'] === undefined ? 'Change' : 'Check the spelling, change'} a filter, or
              take one away.
            </Empty>
          ) : (
            <Empty title={noneTitle ?? `No ${noun} yet`} action={noneAction ?? button}>
              {none}
            </Empty>
          )
        }
      />
    </Page>
  );
}

interface ListPanelProps<Row> extends Rows<Row> {
  title: string;
  /** Beside the title: where all of them are, or where one is made. */
  link?: readonly [label: string, href: string] | false;
  empty: ReactNode;
}

/** The first rows of a list, on the page of the thing that they belong to. */
export function ListPanel<Row extends Identified>({ title, link, ...table }: ListPanelProps<Row>) {
  return (
    <Section
      title={title}
      aside={
        link && (
          <Go href={link[1]} className="link">
            {link[0]}
          </Go>
        )
      }
    >
      <DataTable label={title} rowKey={({ id }) => id} isShort {...table} />
    </Section>
  );
}

interface YesNoFilterProps {
  label: string;
  yes: string;
  no: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** A filter by what is so or not. */
export const YesNoFilter = ({ yes, no, ...rest }: YesNoFilterProps) => (
  <ChoiceFilter
    choices={[
      { value: 'true', label: yes },
      { value: 'false', label: no },
    ]}
    {...rest}
  />
);
/** The value of such a filter, as the API takes it. */
export type YesNo = 'true' | 'false' | undefined;
