/** What an audit event says of a change: field by field, before and after. */
import type { Changes } from '@waybill/contracts/audit-actions.js';

type Value = string | number | boolean | null | string[];

function toValue(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(String);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}

/** The named fields of a row, as the log shows them. */
export function valuesOf<Row extends object>(row: Row, fields: readonly (keyof Row & string)[]) {
  return Object.fromEntries(fields.map((field) => [field, toValue(row[field])]));
}

/** The named fields that differ; empty where none does. */
export function changesBetween<Row extends object>(
  before: Row,
  after: Row,
  fields: readonly (keyof Row & string)[],
): Changes {
  const was = valuesOf(before, fields);
  const is = valuesOf(after, fields);
  return Object.fromEntries(
    fields
      .filter((field) => JSON.stringify(was[field]) !== JSON.stringify(is[field]))
      .map((field) => [field, { before: was[field] ?? null, after: is[field] ?? null }]),
  );
}
