import { isDeepStrictEqual } from 'node:util';
import type { ProbeExpectation } from '../domain/smoke.ts';

/** What was answered, body and all. */
export interface ProbeResponse {
  status: number;
  contentType: string | undefined;
  text: string;
}

/** What a placeholder of an expectation asks of a value. */
const typePlaceholders: Record<string, string> = {
  '<number>': 'number',
  '<string>': 'string',
  '<boolean>': 'boolean',
};

/**
 * Compares a response with the expectation and lists what differs, one sentence a difference; an empty list means that
 * it fits. After an unexpected status nothing else is compared, since the body of an error has another shape. Strings
 * of the body are never quoted: on unmasked data they may be personal.
 */
export function compareResponse(expect: ProbeExpectation, response: ProbeResponse): string[] {
  if (!expect.status.includes(response.status)) {
    return [`status is ${response.status} instead of ${expect.status.join(' or ')}`];
  }
  return [
    ...compareContentType(expect.contentType, response.contentType),
    ...compareCsvHeader(expect.csvHeader, response.text),
    ...compareJson(expect, response.text),
  ];
}

function compareContentType(expected: string | undefined, actual: string | undefined): string[] {
  if (expected === undefined) return [];
  const [wanted, given] = [expected, actual ?? ''].map((type) => type.toLowerCase().replace(/\s/g, ''));
  const matches = wanted?.includes(';') ? given === wanted : given?.split(';')[0] === wanted;
  return matches ? [] : [`content type is ${actual ?? 'absent'} instead of ${expected}`];
}

function compareCsvHeader(expected: string | undefined, text: string): string[] {
  if (expected === undefined) return [];
  const firstLine = text.split(/\r?\n/, 1)[0] ?? '';
  if (firstLine === expected) return [];
  if (firstLine === '') return [`the first line is empty instead of the CSV header ${expected}`];
  const columns = firstLine.split(',').length;
  return [`the first line (${columns} fields) is not the CSV header ${expected}`];
}

function compareJson(expect: ProbeExpectation, text: string): string[] {
  if (expect.json === undefined && expect.numeric === undefined) return [];
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return [`the body (${text.length} characters) is not JSON`];
  }
  const fields = Object.entries(expect.json ?? {}).flatMap(([path, expected]) => compareField(body, path, expected));
  return [...fields, ...compareNumeric(expect.numeric, body)];
}

function compareField(body: unknown, path: string, expected: unknown): string[] {
  const actual = valueAt(body, path);
  if (actual === undefined) return [`JSON has no "${path}"`];
  const type = typeof expected === 'string' ? typePlaceholders[expected] : undefined;
  const matches = type === undefined ? isDeepStrictEqual(actual, expected) : typeof actual === type;
  const wanted = type === undefined ? JSON.stringify(expected) : `a ${type}`;
  return matches ? [] : [`JSON "${path}" is ${described(actual)} instead of ${wanted}`];
}

function compareNumeric(numeric: ProbeExpectation['numeric'], body: unknown): string[] {
  if (numeric === undefined) return [];
  const { member, atLeast } = numeric;
  const place = member === undefined ? 'the JSON object' : `JSON "${member}"`;
  const holder = member === undefined ? body : valueAt(body, member);
  if (typeof holder !== 'object' || holder === null) return [`${place} is ${described(holder)} instead of an object`];
  const count = Object.values(holder).filter((value) => typeof value === 'number').length;
  return count >= atLeast ? [] : [`${place} has ${count} numeric values instead of at least ${atLeast}`];
}

/** The member of that name, or, where there is none, the one that a path with dots leads to. */
function valueAt(body: unknown, path: string): unknown {
  if (hasMember(body, path)) return body[path];
  let value = body;
  for (const key of path.split('.')) {
    if (!hasMember(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

function hasMember(value: unknown, key: string): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

function described(value: unknown): string {
  if (typeof value === 'string') return `a string of ${value.length} characters`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return `an object with ${Object.keys(value).length} members`;
  return value === undefined ? 'absent' : JSON.stringify(value);
}
