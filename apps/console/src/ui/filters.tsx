import { Combobox, useCombobox } from '@mantine/core';
import { IconCheck, IconSearch, IconX } from '@tabler/icons-react';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import classes from './filters.module.css';
import { Mark, type MarkLook } from './mark.js';

export type Filters<Key extends string> = Partial<Record<Key, string>>;

/** The filters of a list, kept in the URL. Setting one to undefined takes it out; `of` is for the field of one. */
export function useFilters<Key extends string>(keys: readonly Key[]) {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const router = useRouter();
  const filters: Filters<Key> = {};
  for (const key of keys) if (search[key] !== undefined) filters[key] = search[key];
  const setFilters = (changed: Filters<Key>) => {
    const next = new URLSearchParams(window.location.search);
    for (const [key, value] of Object.entries(changed) as [string, string | undefined][]) {
      if (value === undefined || value === '') next.delete(key);
      else next.set(key, value);
    }
    const text = next.toString();
    router.history.replace(`${window.location.pathname}${text === '' ? '' : `?${text}`}`);
  };
  const none = Object.fromEntries(keys.map((key) => [key, undefined])) as Filters<Key>;
  const clear = () => setFilters(none);
  /** Sets these, and takes all others away. */
  const setOnly = (only: Filters<Key>) => setFilters({ ...none, ...only });
  const of = (key: Key) => ({
    value: filters[key],
    onChange: (value: string | undefined) => setFilters({ [key]: value } as Filters<Key>),
  });
  return { filters, setOnly, of, clear, isFiltered: Object.keys(filters).length > 0 };
}

/** The line above a list. */
export function FilterBar({
  children,
  onClear,
  aside,
}: {
  children: ReactNode;
  onClear?: (() => void) | false;
  aside?: ReactNode;
}) {
  return (
    <div className={classes.bar} role="search">
      {children}
      {onClear && (
        <button type="button" className={classes.clear} onClick={onClear}>
          Clear filters
        </button>
      )}
      {aside !== undefined && <div className={classes.aside}>{aside}</div>}
    </div>
  );
}

/** Free text; `/` goes here. Waits for a pause in typing. */
export function SearchFilter({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const [text, setText] = useState(value ?? '');
  const sent = useRef(value ?? '');
  /** What had the focus before, and gets it back on Escape. */
  const before = useRef<HTMLElement | null>(null);
  useEffect(() => {
    if ((value ?? '') !== sent.current) {
      sent.current = value ?? '';
      setText(value ?? '');
    }
  }, [value]);
  useEffect(() => {
    if (text === sent.current) return undefined;
    const timer = window.setTimeout(() => {
      sent.current = text;
      onChange(text.trim() === '' ? undefined : text.trim());
    }, 200);
    return () => window.clearTimeout(timer);
  }, [text, onChange]);
  return (
    <label className={classes.search}>
      <IconSearch size={14} aria-hidden="true" />
      <span className="only-read">{label}</span>
      <input
        type="search"
        data-filter-search
        placeholder={label}
        value={text}
        maxLength={100}
        onChange={(event) => setText(event.currentTarget.value)}
        onFocus={({ relatedTarget }) => (before.current = relatedTarget as HTMLElement | null)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            setText('');
            event.currentTarget.blur();
            before.current?.focus();
          }
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}

export interface Choice {
  value: string;
  label: string;
  mark?: ReactNode;
}

/** The choices that a table of words, or of looks, makes. */
export const choicesOf = (words: Record<string, string | MarkLook>): Choice[] =>
  Object.entries(words).map(([value, word]) =>
    typeof word === 'string'
      ? { value, label: word }
      : { value, label: word.word, mark: <Mark look={word} /> },
  );

/**
 * A filter with choices: one, or several joined by commas. With `onSearch` the choices are looked up elsewhere;
 * `findable` ones are found among themselves.
 */
export function ChoiceFilter({
  label,
  choices,
  value,
  onChange,
  multiple = false,
  onSearch,
  findable = false,
  valueLabel,
}: {
  label: string;
  choices: readonly Choice[];
  value: string | undefined;
  onChange: (value: string | undefined) => void;
  multiple?: boolean;
  onSearch?: (text: string) => void;
  findable?: boolean;
  valueLabel?: string;
}) {
  const [text, setText] = useState('');
  const hasSearch = findable || onSearch !== undefined;
  const box = useCombobox({
    onDropdownClose: () => {
      box.resetSelectedOption();
      setText('');
      onSearch?.('');
    },
    onDropdownOpen: () => (hasSearch ? box.focusSearchInput() : box.focusTarget()),
  });
  const chosen = value === undefined ? [] : multiple ? value.split(',') : [value];
  const shown = findable
    ? choices.filter((choice) => choice.label.toLowerCase().includes(text.trim().toLowerCase()))
    : choices;
  const words = chosen.map(
    (one) => choices.find((choice) => choice.value === one)?.label ?? valueLabel ?? '…',
  );
  const choose = (one: string) => {
    if (!multiple) {
      onChange(chosen.includes(one) ? undefined : one);
      box.closeDropdown();
      return;
    }
    const next = chosen.includes(one) ? chosen.filter((other) => other !== one) : [...chosen, one];
    onChange(next.length === 0 ? undefined : next.join(','));
  };
  return (
    <div className={classes.chip} data-set={chosen.length > 0}>
      <Combobox
        store={box}
        onOptionSubmit={choose}
        position="bottom-start"
        width={248}
        shadow="md"
        offset={4}
        withinPortal={false}
      >
        <Combobox.Target targetType="button">
          <button type="button" className={classes.target} onClick={() => box.toggleDropdown()}>
            <span className={classes.chipLabel}>{label}</span>
            {words.length > 0 && <span className={classes.chipValue}>{words.join(', ')}</span>}
          </button>
        </Combobox.Target>
        <Combobox.Dropdown className={classes.dropdown}>
          {hasSearch && (
            <Combobox.Search
              aria-label={`Find: ${label}`}
              placeholder="Find…"
              value={text}
              onChange={(event) => {
                setText(event.currentTarget.value);
                onSearch?.(event.currentTarget.value);
              }}
            />
          )}
          <Combobox.Options className={classes.options} aria-label={label}>
            {shown.length === 0 && <Combobox.Empty>Nothing found</Combobox.Empty>}
            {shown.map((choice) => (
              <Combobox.Option
                key={choice.value}
                value={choice.value}
                className={classes.option}
                active={chosen.includes(choice.value)}
              >
                <span className="cut">{choice.mark ?? choice.label}</span>
                {chosen.includes(choice.value) && <IconCheck size={14} aria-hidden="true" />}
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {chosen.length > 0 && (
        <button
          type="button"
          className={classes.remove}
          aria-label={`Remove the filter ${label}`}
          onClick={() => onChange(undefined)}
        >
          <IconX size={12} />
        </button>
      )}
    </div>
  );
}
