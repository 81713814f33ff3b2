import { Modal } from '@mantine/core';
import { useEffect, useId, useState, type ReactNode } from 'react';
import classes from './command-list.module.css';

export interface Command {
  id: string;
  group: string;
  label: string;
  icon?: ReactNode;
  keys?: string;
  run: () => void;
}

/** A box to type in and a list to choose from, by keyboard alone. The caller finds the commands. */
export function CommandList({
  opened,
  onClose,
  text,
  onText,
  commands,
  label,
  placeholder,
}: {
  opened: boolean;
  onClose: () => void;
  text: string;
  onText: (text: string) => void;
  commands: Command[];
  label: string;
  placeholder: string;
}) {
  const [at, setAt] = useState(0);
  const id = useId();
  useEffect(() => setAt(0), [text, opened]);
  const index = Math.min(at, Math.max(0, commands.length - 1));
  useEffect(() => {
    document.getElementById(`${id}-${index}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, index]);
  const choose = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      centered={false}
      yOffset="12vh"
      size={580}
      padding={0}
      // What is typed right after it was opened is meant for it.
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content aria-label={label}>
        <input
          className={classes.input}
          data-autofocus
          role="combobox"
          aria-label={label}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={commands.length > 0 ? `${id}-${index}` : undefined}
          placeholder={placeholder}
          value={text}
          onChange={(event) => onText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') setAt(Math.min(commands.length - 1, index + 1));
            else if (event.key === 'ArrowUp') setAt(Math.max(0, index - 1));
            else if (event.key === 'Enter') choose(commands[index]);
            else return;
            event.preventDefault();
          }}
        />
        <div className={classes.list} id={`${id}-list`} role="listbox" aria-label="Commands">
          {commands.map((command, position) => (
            <div key={command.id} role="presentation">
              {commands[position - 1]?.group !== command.group && (
                <div className={classes.group} role="presentation">
                  {command.group}
                </div>
              )}
              <div
                id={`${id}-${position}`}
                role="option"
                aria-selected={position === index}
                className={classes.item}
                onPointerMove={() => setAt(position)}
                onClick={() => choose(command)}
              >
                {command.icon}
                <span className="cut">{command.label}</span>
                {command.keys !== undefined && <kbd>{command.keys}</kbd>}
              </div>
            </div>
          ))}
        </div>
        {commands.length === 0 && <p className={classes.none}>Nothing found. Try a part of the name.</p>}
      </Modal.Content>
    </Modal.Root>
  );
}
