import type { ZodObject, ZodType } from 'zod';
import type { core } from 'zod';
import { badRequest, Refusal } from '../refusal.ts';

/** Where a value stood: in the JSON of a body, or in the query of the URL. Messages differ. */
type Place = 'body' | 'query';

/** What a request is about: the middle of its error codes, `invalid_<subject>_<field>`. */
export type Subject = 'index' | 'search' | 'api_key' | 'document' | 'settings' | 'task' | 'swap';

/** Reads the JSON body of a request. Refuses other content types, what is no JSON, and what does not fit the schema. */
export function readJson<T>(
  schema: ZodType<T>,
  request: { body: Buffer; contentType: string | undefined },
  subject: Subject,
): T {
  return checked(schema, parseJson(request.body, request.contentType), subject, 'body');
}

/** Reads the query of a URL, whose values are text. */
export function readQuery<T>(schema: ZodType<T>, query: unknown, subject: Subject): T {
  return checked(schema, query, subject, 'query');
}

/** Checks a value that was read already. */
export function checked<T>(schema: ZodType<T>, value: unknown, subject: Subject, place: Place): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw issue
    ? refusalOf(issue, value, subject, place, schema)
    : badRequest('bad_request', 'The request is not understood.');
}

export function parseJson(body: Buffer, contentType: string | undefined): unknown {
  const accepted = 'Accepted values for the Content-Type header are: `application/json`';
  if (contentType === undefined) {
    throw new Refusal(415, 'missing_content_type', `A Content-Type header is missing. ${accepted}`);
  }
  if (contentType.split(';')[0]?.trim() !== 'application/json') {
    throw new Refusal(415, 'invalid_content_type', `The Content-Type \`${contentType}\` is invalid. ${accepted}`);
  }
  if (body.length === 0) throw badRequest('missing_payload', 'A json payload is missing.');
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw badRequest('malformed_payload', `The json payload provided is malformed. \`${words}\`.`);
  }
}

function refusalOf(issue: core.$ZodIssue, root: unknown, subject: Subject, place: Place, schema: ZodType): Refusal {
  const field = String(issue.path[0] ?? '');
  const value = valueAt(root, issue.path);
  const code = `invalid_${subject}_${snakeCase(field)}`;
  const at = place === 'body' ? `at \`${pathOf(issue.path)}\`` : `in parameter \`${field}\``;
  if (issue.code === 'unrecognized_keys') {
    const expected = listed(Object.keys((schema as ZodObject).shape ?? {}));
    const noun = place === 'body' ? 'field' : 'parameter';
    return badRequest('bad_request', `Unknown ${noun} \`${issue.keys[0] ?? ''}\`: expected one of ${expected}`);
  }
  if (value === undefined && field !== '') {
    const noun = place === 'body' ? 'field' : 'parameter';
    return badRequest(`missing_${subject}_${snakeCase(field)}`, `Missing ${noun} \`${field}\``);
  }
  if (issue.code === 'invalid_value') {
    const words = `Unknown value \`${String(value)}\` ${at}: expected one of ${listed(issue.values.map(String))}`;
    return badRequest(code, words);
  }
  if (issue.code === 'invalid_type') {
    const words = `Invalid value type${field === '' ? '' : ` ${at}`}: expected ${typeNames[issue.expected] ?? issue.expected}, but found ${kindOf(value)}: \`${JSON.stringify(value)}\``;
    return badRequest(field === '' ? 'bad_request' : code, words);
  }
  return badRequest(uidCodes.has(field) ? 'invalid_index_uid' : code, `Invalid value ${at}: ${issue.message}`);
}

/** Fields that hold the names of indexes have one code wherever they are. */
const uidCodes = new Set(['indexUids', 'indexUid']);

const typeNames: Partial<Record<string, string>> = {
  string: 'a string',
  number: 'a positive integer',
  int: 'a positive integer',
  boolean: 'a boolean',
  array: 'an array',
  object: 'an object',
};

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a positive integer' : 'a number';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = root;
  for (const part of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined;
  return value;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
