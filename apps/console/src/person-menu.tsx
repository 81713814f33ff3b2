import { Menu, useMantineColorScheme } from '@mantine/core';
import {
  IconDeviceDesktop,
  IconDots,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from '@tabler/icons-react';
import { useMe } from './access/session.js';
import { useSignOut } from './access/sign-out.js';
import { paths } from './paths.js';
import classes from './shell.module.css';
import { useGo } from './ui/go.js';
import { ROLE_WORDS } from './words.js';

/** Who is signed in, with what concerns the person: profile, shortcuts, appearance, the way out. */
export function PersonMenu({ openHelp }: { openHelp: () => void }) {
  const me = useMe();
  const go = useGo();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useSignOut();
  const schemes = [
    ['light', 'Light', IconSun],
    ['dark', 'Dark', IconMoon],
    ['auto', 'As the system', IconDeviceDesktop],
  ] as const;
  return (
    <Menu
      position="top-start"
      width={204}
      shadow="md"
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <button type="button" className={classes.person}>
          <span className={classes.face} aria-hidden="true">
            {me.name.slice(0, 1).toUpperCase()}
          </span>
          <span className={classes.personText}>
            <span className="cut">{me.name}</span>
            <span className={classes.role}>{ROLE_WORDS[me.role]}</span>
          </span>
          <IconDots size={16} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconUserCircle size={16} />} onClick={() => go(paths.profile)}>
          Your profile
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={openHelp} rightSection={<kbd>?</kbd>}>
          Shortcuts
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        {schemes.map(([value, label, Icon]) => (
          <Menu.Item
            key={value}
            leftSection={<Icon size={16} />}
            rightSection={colorScheme === value ? '✓' : undefined}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
