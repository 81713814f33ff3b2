import { Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { WEAKENING } from '../words.js';
import type { EndpointForm } from './endpoint-values.js';
import classes from './endpoints.module.css';
import { DEFAULT_TUNING, type FieldSpec, hintOf } from './setting-fields.js';
import { ProxyAddress } from './proxy-fields.js';
import { wordsOf } from './setting-values.js';

/** One setting, with what it does, and the way back to its default where it has left that. */
export function SettingField({
  spec,
  form,
  onReset,
}: {
  spec: FieldSpec;
  form: EndpointForm;
  onReset: (() => void) | null;
}) {
  const { name, label, input, weakens } = spec;
  const isWide = input.kind === 'lines' || input.kind === 'proxy';
  const value = form.getValues().settings[name];
  return (
    <div className={classes.setting} data-wide={isWide}>
      <Control spec={spec} form={form} />
      {onReset !== null && (
        <button type="button" className={classes.reset} onClick={onReset}>
          Reset to {wordsOf(spec, DEFAULT_TUNING[name])}
          <span className="only-read">: {label}</span>
        </button>
      )}
      {weakens !== undefined && value === weakens.value && (
        <p className={classes.weakens}>{WEAKENING[weakens.deviation].warning}</p>
      )}
    </div>
  );
}

function Control({ spec, form }: { spec: FieldSpec; form: EndpointForm }) {
  const { name, label, input } = spec;
  const hint = hintOf(spec);
  const path = `settings.${name}`;
  const field = { label, description: hint, ...form.getInputProps(path) };
  switch (input.kind) {
    case 'choice': {
      const data = Object.entries(input.words).map(([value, word]) => ({ value, label: word }));
      return <Select {...field} data={data} allowDeselect={false} searchable={data.length > 8} />;
    }
    case 'yesNo':
      return (
        <Checkbox label={label} description={hint} {...form.getInputProps(path, { type: 'checkbox' })} />
      );
    case 'number':
      return (
        <NumberInput
          {...field}
          min={input.min}
          max={input.max}
          allowDecimal={input.scale !== undefined}
          suffix={input.unit === '' ? '' : ` ${input.unit}`}
          placeholder={input.empty}
        />
      );
    case 'text':
      return <TextInput {...field} placeholder={input.empty} spellCheck={false} />;
    case 'lines':
      return (
        <Textarea
          {...field}
          placeholder={`${input.empty}. One a line.`}
          autosize
          minRows={1}
          maxRows={10}
          spellCheck={false}
        />
      );
    case 'proxy':
      return <ProxyAddress form={form} label={label} hint={hint} />;
  }
}
