import { Button } from '@mantine/core';
import { act } from './act.js';
import { useConfirm } from './confirm.js';

/** Asks by name, deletes, says so. */
export function DeleteButton({
  what,
  name,
  body,
  remove,
  compact = false,
}: {
  what: string;
  name: string;
  body: string;
  /** Deletes it, and does what follows from that. */
  remove: () => Promise<unknown>;
  compact?: boolean;
}) {
  const confirm = useConfirm();
  const ask = async () => {
    const sure = await confirm({
      title: `Delete the ${what} “${name}”?`,
      body,
      confirm: `Delete the ${what}`,
      danger: true,
    });
    if (sure !== false) await act(remove, `Deleted: ${name}`);
  };
  return (
    <Button
      variant={compact ? 'subtle' : 'default'}
      color={compact ? 'gray' : undefined}
      size={compact ? 'compact-sm' : undefined}
      aria-label={compact ? `Delete ${name}` : undefined}
      onClick={() => void ask()}
    >
      Delete
    </Button>
  );
}
