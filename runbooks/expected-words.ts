import type { z } from 'zod';
import type { Mistake } from './vocabulary.ts';
import { quote } from './written.ts';

/** What the schema of the runbook says of a place, as JSON Schema does. */
interface Described {
  type?: string | readonly string[];
  required?: readonly string[];
  properties?: Readonly<Record<string, Described>>;
  additionalProperties?: Described | boolean;
  items?: Described;
  anyOf?: readonly Described[];
  oneOf?: readonly Described[];
}

/** An issue of zod in words: what is wanted at its place, and what is there. */
export function mistakesOf(issue: z.core.$ZodIssue, schema: unknown): Mistake[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...issue.path, key],
      message: `${[...issue.path, key].join('.')}: expected no such key, actual \`${key}\``,
    }));
  }
  const name = issue.path.length > 0 ? issue.path.join('.') : 'the runbook';
  const at = described(schema as Described, issue.path);
  return [{ path: issue.path, message: `${name}: ${expectedBy(issue, at)}, actual ${quote(issue.input)}` }];
}

function expectedBy(issue: z.core.$ZodIssue, at: Described | undefined): string {
  // What the schema of the runbook itself says is in words already.
  if (issue.message.startsWith('expected')) return issue.message;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? 'expected another key';
  if (issue.code === 'invalid_value') return `expected ${oneOf(issue.values.map((value) => quote(value)))}`;
  if (issue.code === 'too_small') return `expected ${limit('at least', issue.minimum, issue.origin)}`;
  if (issue.code === 'too_big') return `expected ${limit('at most', issue.maximum, issue.origin)}`;
  if (issue.code === 'invalid_type') return `expected ${nameOfType(issue.expected, at)}`;
  if (issue.code === 'invalid_union') return `expected ${union(issue, at)}`;
  return `expected what the schema asks for (${issue.message})`;
}

const counted: Readonly<Record<string, [one: string, many: string]>> = {
  array: ['entry', 'entries'],
  string: ['letter', 'letters'],
  object: ['key', 'keys'],
};

function limit(words: string, figure: number | bigint, origin: string): string {
  const [one, many] = counted[origin] ?? ['', ''];
  const unit = figure === 1 ? one : many;
  return unit === '' ? `${words} ${figure}` : `${words} ${figure} ${unit}`;
}

function nameOfType(type: string, at: Described | undefined): string {
  if (type === 'object' || type === 'record') return mapping(at);
  if (type === 'array') return at?.items ? `a list, each entry ${shape(at.items)}` : 'a list';
  return plainTypes[type] ?? type;
}

const plainTypes: Readonly<Record<string, string>> = {
  string: 'some text',
  number: 'a number',
  int: 'a whole number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'nothing',
};

function mapping(at: Described | undefined): string {
  const required = at?.required ?? [];
  const known = required.length > 0 ? required : Object.keys(at?.properties ?? {});
  if (known.length === 0) return 'a mapping';
  return `a mapping with ${required.length > 0 ? '' : 'any of '}${listed(known.map((key) => `\`${key}\``))}`;
}

function union(issue: z.core.$ZodIssueInvalidUnion, at: Described | undefined): string {
  const choices = at?.anyOf ?? at?.oneOf ?? [];
  if (issue.discriminator !== undefined) return `a known \`${issue.discriminator}\``;
  return choices.length > 0 ? oneOf(choices.map(shape)) : 'another value';
}

function shape(at: Described): string {
  const type = [at.type ?? 'value'].flat()[0] ?? 'value';
  return type === 'value' && (at.anyOf ?? at.oneOf)
    ? oneOf((at.anyOf ?? at.oneOf ?? []).map(shape))
    : nameOfType(type, at);
}

function oneOf(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? 'nothing') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** What the schema says of the place at a path; `undefined` where it knows no such place. */
function described(schema: Described, path: readonly PropertyKey[]): Described | undefined {
  let at: Described | undefined = schema;
  for (const key of path) {
    if (at === undefined) return undefined;
    const further: Described | boolean | undefined =
      typeof key === 'number' ? at.items : (at.properties?.[String(key)] ?? at.additionalProperties);
    at = typeof further === 'object' ? further : undefined;
  }
  return at;
}
