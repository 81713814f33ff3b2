import { Modal } from '@mantine/core';
import { ALL_PLACES } from './navigation.js';
import classes from './shell.module.css';

export const SEARCH_KEYS = /Mac|iP/.test(navigator.platform) ? '⌘ K' : 'Ctrl K';

const KEYS: [keys: string, what: string][] = [
  [SEARCH_KEYS, 'Search and commands'],
  ['/', 'Filter the list'],
  ['j k', 'Next, previous row'],
  ['Enter', 'Open the row'],
  ['n', 'Create a new one'],
  ['?', 'These shortcuts'],
  ['Esc', 'Close what is open'],
];

/** The keys that work everywhere. */
export function ShortcutHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
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
          {KEYS.map(([keys, what]) => (
            <div key={keys}>
              <dt>{what}</dt>
              <dd>
                <kbd>{keys}</kbd>
              </dd>
            </div>
          ))}
        </dl>
        <dl>
          {ALL_PLACES.filter(({ key }) => key !== undefined).map(({ key, label }) => (
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
