/** Checks what comes in against its contract: body, query and path. */
import { type ArgumentMetadata, Injectable, Param, type PipeTransform } from '@nestjs/common';
import { id } from '@waybill/contracts/text.js';
import { type FieldError, Problem } from '@waybill/domain/problem.js';

const MAX_ERRORS = 50;
/** More levels than any contract has; deeper ones would only use up the stack. */
const MAX_DEPTH = 20;

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
    const unusable = findUnusable(value);
    if (unusable !== null && type !== 'param') throw invalidInput([unusable]);
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

/** The first part that no contract can take; null where there is none. */
function findUnusable(value: unknown, path: string[] = []): FieldError | null {
  const fault = whyUnusable(value, path.length);
  if (fault !== null) return { path: path.join('.'), message: fault };
  if (!isObject(value)) return null;
  for (const [key, part] of Object.entries(value)) {
    const inKey = whyUnusable(key, path.length);
    if (inKey !== null) return { path: path.join('.'), message: inKey };
    const inPart = findUnusable(part, [...path, key]);
    if (inPart !== null) return inPart;
  }
  return null;
}

function whyUnusable(value: unknown, depth: number): string | null {
  if (depth > MAX_DEPTH) return 'is nested too deeply';
  if (typeof value !== 'string') return null;
  // Postgres has no NUL in its texts, and nobody means one.
  if (value.includes('\0')) return 'must not contain NUL';
  // Half of a surrogate pair would be stored as another character than the one that was sent.
  return value.isWellFormed() ? null : 'must be well-formed Unicode';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
