/** Checks what comes in against its contract: body, query and path. */
import { type ArgumentMetadata, Injectable, Param, type PipeTransform } from '@nestjs/common';
import { id } from '@waybill/contracts/text.js';
import { type FieldError, Problem } from '@waybill/domain/problem.js';

const MAX_ERRORS = 50;

/** An id in a path. One that is not a UUID names nothing, so it answers 404 as any other that is not there. */
export const Id = (name = 'id') => Param(name, { schema: id });

/**
 * Answers the checked value, or throws Problem `invalid_input` with the path of every field that is wrong. Fields and
 * query parameters that the contract does not name are refused: a misspelt filter must not answer everything.
 */
@Injectable()
export class ContractPipe implements PipeTransform {
  async transform(value: unknown, { schema, type }: ArgumentMetadata): Promise<unknown> {
    if (schema === undefined) return value;
    if (type === 'body' && value === undefined)
      throw invalidInput([{ path: '', message: 'send a JSON object with Content-Type: application/json' }]);
    const withNul = pathOfNul(value);
    // Postgres has no NUL in its texts, and nobody means one.
    if (withNul !== null && type !== 'param')
      throw invalidInput([{ path: withNul, message: 'must not contain NUL' }]);
    const result = await schema['~standard'].validate(value);
    if (result.issues && type === 'param') throw new Problem('not_found', 'There is nothing with that id.');
    if (result.issues)
      throw invalidInput(
        result.issues.map((issue) => ({ path: pathOf(issue.path ?? []), message: issue.message })),
      );
    const unknown = unknownFields(value, result.value);
    if (unknown.length > 0)
      throw invalidInput(unknown.map((path) => ({ path, message: 'is not a field that is known here' })));
    return result.value;
  }
}

function pathOf(path: readonly (PropertyKey | { key: PropertyKey })[]): string {
  return path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
}

function invalidInput(errors: FieldError[]): Problem {
  const [first] = errors;
  const more = errors.length > 1 ? ` And ${errors.length - 1} more.` : '';
  const detail = first === undefined ? undefined : `${first.path || 'body'}: ${first.message}.${more}`;
  return new Problem('invalid_input', detail, { errors: errors.slice(0, MAX_ERRORS) });
}

/** What came in and did not survive the contract, by path. */
function unknownFields(input: unknown, output: unknown, at = ''): string[] {
  if (Array.isArray(input) && Array.isArray(output))
    return input.flatMap((item, index) => unknownFields(item, output[index], `${at}${index}.`));
  if (!isObject(input) || !isObject(output)) return [];
  return Object.keys(input).flatMap((key) =>
    Object.hasOwn(output, key) ? unknownFields(input[key], output[key], `${at}${key}.`) : [at + key],
  );
}

/** The path of the first text with a NUL in it; null where there is none. */
function pathOfNul(value: unknown, at = ''): string | null {
  if (typeof value === 'string') return value.includes('\0') ? at : null;
  if (!isObject(value)) return null;
  for (const [key, part] of Object.entries(value)) {
    const path = key.includes('\0') ? at : pathOfNul(part, at === '' ? key : `${at}.${key}`);
    if (path !== null) return path;
  }
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
