import { Button, Popover } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { dayStart, formatDay, hoursAgo } from '../format.js';
import classes from './filters.module.css';
import own from './period-filter.module.css';

const PRESETS: Record<string, [label: string, hours: number]> = {
  '1h': ['Last hour', 1],
  '24h': ['Last 24 hours', 24],
  '7d': ['Last 7 days', 24 * 7],
  '30d': ['Last 30 days', 24 * 30],
};
const DAYS = /^(\d{4}-\d{2}-\d{2})?_(\d{4}-\d{2}-\d{2})?$/;

/** What a period in the URL ("24h", or "2026-11-01_2026-11-21", days of the reader) means to the API. */
export function periodOf(value: string | undefined): { from?: string; to?: string } {
  if (value === undefined) return {};
  const preset = PRESETS[value];
  if (preset !== undefined) return { from: hoursAgo(preset[1]) };
  const days = DAYS.exec(value);
  if (days === null) return {};
  const [, first, last] = days;
  return { from: first && dayStart(first), to: last && dayStart(last, 1) };
}

function words(value: string): string {
  const preset = PRESETS[value];
  if (preset !== undefined) return preset[0];
  const days = DAYS.exec(value);
  const [first, last] = [days?.[1], days?.[2]];
  if (first && last) return first === last ? formatDay(first) : `${formatDay(first)} – ${formatDay(last)}`;
  if (first) return `From ${formatDay(first)}`;
  if (last) return `Until ${formatDay(last)}`;
  return '…';
}

/** A filter by time: the last hours or days, or from one day to another. */
export function PeriodFilter({
  value,
  onChange,
}: {
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const [opened, setOpened] = useState(false);
  const [first, setFirst] = useState('');
  const [last, setLast] = useState('');
  const choose = (next: string | undefined) => {
    onChange(next);
    setOpened(false);
  };
  const open = () => {
    const days = DAYS.exec(value ?? '');
    setFirst(days?.[1] ?? '');
    setLast(days?.[2] ?? '');
    setOpened((before) => !before);
  };
  return (
    <div className={classes.chip} data-set={value !== undefined}>
      <Popover
        opened={opened}
        onChange={setOpened}
        position="bottom-start"
        offset={4}
        width={264}
        withinPortal={false}
        trapFocus
      >
        <Popover.Target>
          <button type="button" className={classes.target} onClick={open}>
            <span className={classes.chipLabel}>Period</span>
            {value !== undefined && <span className={classes.chipValue}>{words(value)}</span>}
          </button>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown} aria-label="Period">
          {Object.entries(PRESETS).map(([key, [label]]) => (
            <button
              key={key}
              type="button"
              className={own.preset}
              aria-pressed={value === key}
              onClick={() => choose(value === key ? undefined : key)}
            >
              {label}
            </button>
          ))}
          <form
            className={own.days}
            onSubmit={(event) => {
              event.preventDefault();
              choose(first === '' && last === '' ? undefined : `${first}_${last}`);
            }}
          >
            <label>
              From
              <input
                type="date"
                value={first}
                max={last}
                onChange={(event) => setFirst(event.currentTarget.value)}
              />
            </label>
            <label>
              Until
              <input
                type="date"
                value={last}
                min={first}
                onChange={(event) => setLast(event.currentTarget.value)}
              />
            </label>
            <Button type="submit" size="compact-sm" variant="default">
              Apply
            </Button>
          </form>
        </Popover.Dropdown>
      </Popover>
      {value !== undefined && (
        <button
          type="button"
          className={classes.remove}
          aria-label="Remove the filter Period"
          onClick={() => onChange(undefined)}
        >
          <IconX size={12} />
        </button>
      )}
    </div>
  );
}
