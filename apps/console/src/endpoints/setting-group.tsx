import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { countOf } from '../format.js';
import { Fold } from '../ui/fold.js';
import type { EndpointForm } from './endpoint-values.js';
import classes from './endpoints.module.css';
import { FIELD_GROUPS, type FieldSpec } from './setting-fields.js';
import { SettingField } from './setting-field.js';
import { DEFAULT_VALUES, isDefault, tuningOf } from './setting-values.js';

type Group = (typeof FIELD_GROUPS)[number];

/** What a group shows besides its settings. */
export interface GroupExtra {
  /** The paths of its fields. */
  paths: string[];
  /** How many of them differ from a new endpoint's. */
  changed: number;
  fields: ReactNode;
}

/** The groups that are one click away. One opens by itself where something in it is wrong, asked for, or not as usual. */
export function SettingGroups({
  form,
  startAt,
  extras,
}: {
  form: EndpointForm;
  startAt: string | undefined;
  extras: Record<string, GroupExtra>;
}) {
  const { protocol } = form.getValues();
  return FIELD_GROUPS.filter(({ isFor }) => isFor?.(protocol) ?? true).map((group) => (
    <SettingGroup key={group.key} group={group} form={form} startAt={startAt} extra={extras[group.key]} />
  ));
}

function SettingGroup({
  group,
  form,
  startAt,
  extra,
}: {
  group: Group;
  form: EndpointForm;
  startAt: string | undefined;
  extra: GroupExtra | undefined;
}) {
  const { protocol, settings } = form.getValues();
  const tuning = tuningOf(settings);
  const shown = group.fields.filter(({ when }) => when?.({ protocol, tuning }) ?? true);
  const changed = shown.filter(({ name }) => !isDefault(name, tuning[name]));
  const count = changed.length + (extra?.changed ?? 0);
  const paths = [...group.fields.map(({ name }) => `settings.${name}`), ...(extra?.paths ?? [])];
  const isWithin = (path: string) => paths.some((one) => path === one || path.startsWith(`${one}.`));
  const reset = (fields: FieldSpec[]) => {
    for (const { name } of fields) form.setFieldValue(`settings.${name}`, DEFAULT_VALUES[name] as never);
  };
  return (
    <Fold
      title={group.title}
      about={group.about}
      aside={count === 0 ? 'As usual' : countOf(count, 'changed', 'changed')}
      startsOpen={count > 0 || (startAt !== undefined && isWithin(startAt))}
      mustOpen={Object.keys(form.errors).some(isWithin)}
    >
      <div className={classes.settings}>
        {shown.map((spec) => (
          <SettingField
            key={spec.name}
            spec={spec}
            form={form}
            onReset={isDefault(spec.name, tuning[spec.name]) ? null : () => reset([spec])}
          />
        ))}
        {extra?.fields}
      </div>
      {changed.length > 1 && (
        <Button size="compact-sm" variant="default" mt="md" onClick={() => reset(changed)}>
          Reset {changed.length} fields to their defaults
        </Button>
      )}
    </Fold>
  );
}
