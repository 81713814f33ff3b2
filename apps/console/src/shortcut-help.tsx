import { Modal } from '@mantine/core';
import { useCan, useMe } from './access/session.js';
import { openPlaces } from './navigation.js';
import classes from './shell.module.css';

export const SEARCH_KEYS = /Mac|iP/.test(navigator.platform) ? '⌘ K' : 'Ctrl K';

const keysOf = (mayCreate: boolean): [keys: string, what: string][] => [
  [SEARCH_KEYS, 'Search and commands'],
  ['/', 'Filter the list'],
  ['j k', 'Next, previous row'],
  ['Enter', 'Open the row'],
  ...(mayCreate ? [['n', 'Create a new one'] as [string, string]] : []),
  ['?', 'These shortcuts'],
  ['Esc', 'Close what is open'],
];

/** The keys that work everywhere. */
export function ShortcutHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const can = useCan();
  const mayCreate = useMe().permissions.some((permission) => permission.endsWith(':write'));
  const places = openPlaces(can).flatMap((group) => group.places.filter(({ key }) => key !== undefined));
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keyboard shortcuts"
      size={560}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.help}>
        <dl>
          {keysOf(mayCreate).map(([keys, what]) => (
            <div key={keys}>
              <dt>{what}</dt>
              <dd>
                <kbd>{keys}</kbd>
              </dd>
            </div>
          ))}
        </dl>
        <dl>
          {places.map(({ key, label }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <kbd>g</kbd> <kbd>{key}</kbd>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </Modal>
  );
}
