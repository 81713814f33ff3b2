import { Radio, type RadioGroupProps } from '@mantine/core';
import { ROLES } from '@waybill/contracts/permissions.js';
import { ROLE_STORIES, ROLE_WORDS } from './words.js';

/** Choosing what a person or a program may do. */
export const RoleChoice = (props: Omit<RadioGroupProps, 'children' | 'label'>) => (
  <Radio.Group label="Role" {...props}>
    <div className="radios">
      {ROLES.map((role) => (
        <Radio key={role} value={role} label={ROLE_WORDS[role]} description={ROLE_STORIES[role]} />
      ))}
    </div>
  </Radio.Group>
);
