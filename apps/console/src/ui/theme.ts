import {
  Button,
  createTheme,
  Input,
  InputWrapper,
  Modal,
  ModalRoot,
  NumberInput,
  Select,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eceefb',
  '#d5d9f6',
  '#aab3ee',
  '#8391e6',
  '#6575de',
  '#5564de',
  '#3746c4',
  '#2f3caa',
  '#28338f',
  '#1f2870',
];

/** Cool greys for the dark scheme, in place of Mantine's neutral ones. */
const dark: MantineColorsTuple = [
  '#e9ebef',
  '#b1b7c3',
  '#8f97a5',
  '#5d6472',
  '#363c48',
  '#242831',
  '#171a20',
  '#101217',
  '#0b0d11',
  '#08090c',
];

/** What has the keyboard gives it back at once when it closes. */
const opening = { duration: 100, exitDuration: 0 };

const control = { height: 'var(--control-h)', fz: 'var(--control-fz)' };

/** One height for every control, hairlines, 13 px text: the console is read all day. */
export const theme = createTheme({
  colors: { accent, dark },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 5 },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  headings: { fontWeight: '600' },
  defaultRadius: '6px',
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: Button.extend({
      vars: (_theme, props) => ({
        root: {
          '--button-height': props.size === 'compact-sm' ? 'var(--compact-h)' : control.height,
          '--button-fz': props.size === 'compact-sm' ? '12px' : '13px',
          '--button-padding-x': props.size === 'compact-sm' ? '8px' : '12px',
        },
      }),
      styles: { root: { fontWeight: 550 } },
    }),
    Input: Input.extend({
      vars: () => ({ wrapper: { '--input-height': control.height, '--input-fz': control.fz } }),
    }),
    InputWrapper: InputWrapper.extend({
      defaultProps: { inputWrapperOrder: ['label', 'input', 'error', 'description'] },
      styles: {
        label: { fontWeight: 550, fontSize: '13px', marginBottom: '4px' },
        description: { fontSize: '12px', lineHeight: 1.45, marginTop: '5px', color: 'var(--ink-3)' },
        error: { fontSize: '12px', lineHeight: 1.45, marginTop: '5px', color: 'var(--bad)' },
      },
    }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.4 },
        transitionProps: opening,
      },
      styles: {
        title: { fontSize: '15px', fontWeight: 600, lineHeight: 1.4, overflowWrap: 'anywhere' },
        content: { boxShadow: 'var(--shadow)' },
      },
    }),
    ModalRoot: ModalRoot.extend({ defaultProps: { transitionProps: opening } }),
    // What is out of range is told when it is sent, not changed.
    NumberInput: NumberInput.extend({ defaultProps: { clampBehavior: 'none' } }),
    Select: Select.extend({
      defaultProps: {
        nothingFoundMessage: 'Nothing found',
        // What is typed takes the place of what is chosen. The press that brings the focus still sets the cursor.
        onFocusCapture: ({ currentTarget }) => void requestAnimationFrame(() => currentTarget.select()),
      },
    }),
  },
});

const shades = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-3)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-anchor': 'var(--accent-ink)',
  '--mantine-color-default': 'var(--bg-raised)',
  '--mantine-color-default-hover': 'var(--bg-hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--bg-hover)',
  '--mantine-color-disabled-color': 'var(--ink-3)',
};

export const themeVariables: CSSVariablesResolver = () => ({ variables: {}, light: shades, dark: shades });
