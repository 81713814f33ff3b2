import { Button } from '@mantine/core';
import { useConfirm } from './confirm.js';
import { toast } from './toast.js';

/** Asks by name, deletes, says so. */
export function DeleteButton({
  what,
  name,
  body,
  remove,
  done,
  compact = false,
}: {
  what: string;
  name: string;
  body: string;
  remove: () => Promise<unknown>;
  done: () => void | Promise<void>;
  compact?: boolean;
}) {
  const confirm = useConfirm();
  const ask = async () => {
    const sure = await confirm({
      title: `Delete the ${what} ${name}?`,
      body,
      confirm: `Delete the ${what}`,
      danger: true,
    });
    if (sure === false) return;
    try {
      await remove();
      toast.done(`Deleted: ${name}`);
      await done();
    } catch (error) {
      toast.failed(error);
    }
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
