import { Button, type ButtonProps } from '@mantine/core';
import { useState } from 'react';

interface ActButtonProps extends ButtonProps {
  /** What pressing does. Until it is over, the button turns and cannot be pressed again. */
  act: () => Promise<unknown>;
  'aria-label'?: string;
  'data-hint'?: string;
}

/** A button for what takes its time. */
export function ActButton({ act, ...rest }: ActButtonProps) {
  const [busy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    try {
      await act();
    } finally {
      setBusy(false);
    }
  };
  return <Button loading={busy} onClick={() => void press()} {...rest} />;
}
