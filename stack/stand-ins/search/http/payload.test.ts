import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, constantFrom, dictionary, jsonValue, property, string } from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { Refusal } from '../refusal.ts';
import { payloadFormat, writePayload } from './payload.ts';

const folder = mkdtempSync(join(tmpdir(), 'firedrill-payload-'));
const file = join(folder, 'documents.jsonl');
afterAll(() => rmSync(folder, { recursive: true }));

function written(text: string, format: 'json' | 'ndjson' = 'json'): { count: number; documents: unknown[] } {
  const count = writePayload(file, Buffer.from(text), format);
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return { count, documents: lines.map((line) => JSON.parse(line) as unknown) };
}

describe('writePayload', () => {
  it('takes any list of documents apart as it was put together', () => {
    const documents = array(dictionary(string(), jsonValue()), { maxLength: 5 });
    assert(
      property(documents, constantFrom(undefined, 1, '\t'), (given, indent) => {
        const kept = JSON.parse(JSON.stringify(given)) as unknown[];
        expect(written(JSON.stringify(given, undefined, indent))).toEqual({ count: kept.length, documents: kept });
        const lines = given.map((document) => JSON.stringify(document)).join('\n');
        expect(written(lines, 'ndjson')).toEqual({ count: kept.length, documents: kept });
      }),
    );
  });

  it('takes one document alone', () => {
    expect(written(' {"id": 1} ')).toEqual({ count: 1, documents: [{ id: 1 }] });
  });

  it.each([
    ['[{"id": 1,', 'EOF while parsing an object at line 1 column 10'],
    ['[{"id": 1},\n{"id"', 'EOF while parsing an object at line 2 column 5'],
    ['[{"id": "1', 'EOF while parsing a string at line 1 column 10'],
    ['[[1]', 'EOF while parsing a list'],
    ['[{"id": 1}] and more', 'trailing characters'],
    ['[{"id": 1},]', 'malformed'],
    ['[{"id": 1} {"id": 2}]', 'malformed'],
    ['[1]', 'expected a document'],
    ['nope', 'malformed'],
    ['[{"id": 1}}', 'malformed'],
  ])('refuses %j and leaves no file', (text, words) => {
    expect(() => written(text)).toThrow(Refusal);
    expect(() => written(text)).toThrow(words);
    expect(existsSync(file)).toBe(false);
  });
});

describe('payloadFormat', () => {
  const of = (contentType: string | undefined, text = '[]') => payloadFormat({ body: Buffer.from(text), contentType });

  it('knows JSON and NDJSON, with parameters and in any case', () => {
    expect(of('application/json; charset=utf-8')).toBe('json');
    expect(of('Application/X-NDJSON')).toBe('ndjson');
  });

  it.each([
    [undefined, '[]', 'missing_content_type'],
    ['application/xml', '[]', 'invalid_content_type'],
    ['application/json', '', 'missing_payload'],
    ['text/csv', 'id', 'stand_in_not_implemented'],
  ])('refuses %s with %j: %s', (contentType, text, code) => {
    expect(() => of(contentType, text)).toThrow(expect.objectContaining({ code }));
  });
});
