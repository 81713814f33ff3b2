import { PasswordInput, type PasswordInputProps } from '@mantine/core';

/** A field for a password, which can be looked at; a fault in it is told to those who hear the page, too. */
export const PasswordField = (props: PasswordInputProps) => (
  <PasswordInput
    visibilityToggleButtonProps={{ 'aria-label': 'Show characters' }}
    aria-invalid={props.error ? true : undefined}
    {...props}
  />
);
