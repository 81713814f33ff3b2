import { Button } from '@mantine/core';
import { useConfirm } from './confirm.js';
import { toast } from './toast.js';

/** Asks by name, deletes, says so; or says in the question why it cannot be. */
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
      work: remove,
    });
    if (sure !== false) toast.done(`Deleted: ${name}`);
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
