import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DrillError } from '../domain/drill-error.ts';
import { redactJson } from './redact-json.ts';
import { redacted, words } from './test-support.ts';

const redact = (value: string) => redacted(value, redactJson);

/** What the redaction must make of a parsed document, written the plain way; keys are not looked at. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value === 'object' && value !== null) return Object.values(value).map(shape);
  if (typeof value === 'string') return value === '' ? '' : 'text';
  return typeof value === 'number' ? 0 : value;
}

function redactedShape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactedShape);
  if (typeof value === 'object' && value !== null) return Object.values(value).map(redactedShape);
  return typeof value === 'string' && value !== '' ? 'text' : value;
}

const json = fc.json({ maxDepth: 4 }).filter((value) => !value.includes('__proto__'));

describe('redactJson', () => {
  it('takes the words and the numbers, and keeps keys, types and structure', () => {
    const source =
      '{"name": "Ana \\"Pop\\"", "tags": ["x", "", null, true], "price": -12.5e3, "inner": {"a_1": [[]], "b": {}}}';
    expect(redact(source)).toBe(
      '{"name": "masked", "tags": ["masked", "", null, true], "price": 0, "inner": {"a_1": [[]], "b": {}}}',
    );
  });

  it('replaces keys that may be personal data', () => {
    expect(redact('{"ana@example.org": 1, "+40 721": 2, "0721-555.123": 3, "line_2": 4, "é": 5, "an\\u0061": 6}')).toBe(
      '{"masked-key-1": 0, "masked-key-2": 0, "masked-key-3": 0, "line_2": 0, "é": 0, "masked-key-4": 0}',
    );
  });

  it('gives dates, instants and UUIDs a placeholder of their kind', () => {
    const source = [
      '1984-02-29',
      '2024-05-01T10:00:00.123+02:00',
      '7c1f2b9e-6d1c-4b55-9a55-0a4c8a1d1f00',
      '2024-05-0x',
    ];
    expect(JSON.parse(redact(JSON.stringify(source)))).toEqual([
      '1970-01-01',
      '1970-01-01T00:00:00Z',
      '00000000-0000-0000-0000-000000000000',
      'masked',
    ]);
  });

  it('reads every document that JSON.parse reads, and gives one of the same shape', () => {
    fc.assert(
      fc.property(json, fc.integer({ min: 0, max: 3 }), (value, indent) => {
        const source = indent === 0 ? value : JSON.stringify(JSON.parse(value), null, indent === 3 ? '\t' : indent);
        expect(redactedShape(JSON.parse(redact(source)))).toEqual(shape(JSON.parse(source)));
      }),
      { numRuns: 500 },
    );
  });

  it('holds no word of its strings', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }).filter((value) => value.isWellFormed())), (values) => {
        const masked = redact(JSON.stringify(values));
        for (const word of values.flatMap(words)) if (!'masked'.includes(word)) expect(masked).not.toContain(word);
      }),
    );
  });

  it('agrees with JSON.parse on what is JSON, also when a document is damaged', () => {
    const damaged = fc
      .tuple(
        json,
        fc.nat(),
        fc.constantFrom('', '"', '\\', '{', '}', ']', ',', ':', '0', 'e', '-', '.', 't', ' ', '\n'),
      )
      .map(([value, at, piece]) => {
        const place = at % (value.length + 1);
        return value.slice(0, place) + piece + value.slice(place + 1);
      })
      .filter((value) => value.isWellFormed());
    fc.assert(
      fc.property(damaged, (value) => {
        let valid = true;
        try {
          JSON.parse(value);
        } catch {
          valid = false;
        }
        if (valid) redact(value);
        else expect(() => redact(value)).toThrow(DrillError);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '',
    ' ',
    'Ana',
    '{"a": Ana}',
    '"a" "b"',
    '[1,]',
    '{"a":1,}',
    '{"a"}',
    '01',
    '-',
    '1.',
    '[',
    '"a',
    '{"a":1]',
    'nul',
  ])('refuses %j', (value) => {
    expect(() => redact(value)).toThrow('a value cannot be masked as JSON');
  });
});
