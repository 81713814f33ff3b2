/**
 * Whether a file name matches a route's pattern: `*`, `?`, `[a-z]`, `[!a-z]` and `{csv,xml}`, all of the name,
 * upper and lower case apart; a leading dot is only matched by a dot.
 *
 * The matching is done here, and not by way of a regular expression, because the partner chooses the names: a
 * pattern with a few stars as a backtracking expression takes minutes for one name made for it. This takes at
 * most (length of the pattern) × (length of the name) steps.
 */

type Token =
  | { kind: 'any' }
  | { kind: 'one' }
  | { kind: 'char'; char: string }
  | { kind: 'set'; negated: boolean; ranges: [string, string][] };

export type NameMatcher = (name: string) => boolean;

/** More alternatives than this come from a pattern made to grow. */
const MAX_ALTERNATIVES = 256;

/** @throws Error where the pattern has an open bracket, or more than 256 alternatives; says which */
export function compilePattern(pattern: string): NameMatcher {
  const alternatives = expandBraces([...pattern]).map(parse);
  return (name) => {
    const characters = [...name];
    return alternatives.some((tokens) => matches(tokens, characters));
  };
}

/** `{a,b}c` as `ac` and `bc`, inner braces first. */
function expandBraces(pattern: string[]): string[][] {
  const open = pattern.lastIndexOf('{');
  if (open < 0) return [pattern];
  const length = pattern.slice(open).indexOf('}');
  if (length < 0) throw new Error('a { is not closed by a }');
  const before = pattern.slice(0, open);
  const after = pattern.slice(open + length + 1);
  const choices = splitAtCommas(pattern.slice(open + 1, open + length));
  const expanded = choices.flatMap((choice) => expandBraces([...before, ...choice, ...after]));
  if (expanded.length > MAX_ALTERNATIVES) throw new Error(`has more than ${MAX_ALTERNATIVES} alternatives`);
  return expanded;
}

function splitAtCommas(characters: string[]): string[][] {
  const parts: string[][] = [[]];
  for (const character of characters)
    if (character === ',') parts.push([]);
    else parts.at(-1)?.push(character);
  return parts;
}

function parse(pattern: string[]): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? '';
    if (char === '*') {
      if (tokens.at(-1)?.kind !== 'any') tokens.push({ kind: 'any' });
    } else if (char === '?') tokens.push({ kind: 'one' });
    else if (char === '[') {
      const end = pattern.indexOf(']', at + (pattern[at + 1] === '!' ? 3 : 2));
      if (end < 0) throw new Error('a [ is not closed by a ]');
      tokens.push(parseSet(pattern.slice(at + 1, end)));
      at = end;
    } else tokens.push({ kind: 'char', char });
  }
  return tokens;
}

function parseSet(inside: string[]): Token {
  const negated = inside[0] === '!';
  const ranges: [string, string][] = [];
  for (let at = negated ? 1 : 0; at < inside.length; at++) {
    const from = inside[at] ?? '';
    const to = inside[at + 1] === '-' ? inside[at + 2] : undefined;
    ranges.push([from, to ?? from]);
    if (to !== undefined) at += 2;
  }
  return { kind: 'set', negated, ranges };
}

/** On a mismatch only the last star takes one character more: the ones before it never need to. */
function matches(tokens: Token[], name: string[]): boolean {
  if (name[0] === '.' && !(tokens[0]?.kind === 'char' && tokens[0].char === '.')) return false;
  let token = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const current = tokens[token];
    if (current?.kind === 'any') {
      star = token++;
      starAt = at;
    } else if (current !== undefined && matchesOne(current, name[at] ?? '')) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (tokens[token]?.kind === 'any') token++;
  return token === tokens.length;
}

function matchesOne(token: Token, char: string): boolean {
  if (token.kind === 'char') return token.char === char;
  if (token.kind === 'set')
    return token.ranges.some(([from, to]) => from <= char && char <= to) !== token.negated;
  return token.kind === 'one';
}
