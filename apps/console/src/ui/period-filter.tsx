import { Button, Popover } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './filters.module.css';
import { daysOf, periodWords, PRESETS } from './period.js';
import own from './period-filter.module.css';

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
    const days = daysOf(value);
    setFirst(days.first ?? '');
    setLast(days.last ?? '');
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
            {value !== undefined && <span className={classes.chipValue}>{periodWords(value)}</span>}
          </button>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown} aria-label="Period">
          {[...PRESETS].map(([key, { label }]) => (
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
