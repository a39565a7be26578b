import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import { DrillError } from '../domain/drill-error.ts';
import type { DrillRecord } from '../domain/record.ts';
import { committedSchemaText, schemaText } from './make-schema.ts';
import { parseRecord } from './parse-record.ts';
import type { recordSchema } from './record-schema.ts';
import { sampleNames, sampleRecord } from './sample-records.test-data.ts';

describe('the shape of drill.json', () => {
  it('is the type of the domain', () => {
    expectTypeOf<z.infer<typeof recordSchema>>().toEqualTypeOf<DrillRecord>();
  });

  it('has its JSON Schema committed as it is now (node reports/make-schema.ts writes it)', () => {
    expect(committedSchemaText()).toBe(schemaText());
  });

  it.each(sampleNames)('fits the %s sample, by zod and by JSON Schema, without losing anything', (name) => {
    const record = sampleRecord(name);
    expect(parseRecord(JSON.stringify(record), 'drill.json')).toEqual(record);
    const ajv = new Ajv2020({ strict: true, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(JSON.parse(committedSchemaText()) as object);
    validate(record);
    expect(validate.errors).toBeNull();
  });
});

describe('parseRecord', () => {
  const errorOf = (text: string): DrillError => {
    try {
      parseRecord(text, 'out/drill.json');
    } catch (error) {
      if (error instanceof DrillError) return error;
    }
    throw new Error('it was accepted');
  };

  it('lists everything that is wrong, by its path', () => {
    const record = { ...sampleRecord('passing'), state: 'well', startedAt: 'today', rto: { totalMs: '12' } };
    const { message, code } = errorOf(JSON.stringify(record));
    expect(code).toBe('usage');
    expect(message).toContain('(out/drill.json)');
    for (const path of ['state: ', 'startedAt: ', 'rto.totalMs: ', 'rto.targetMs: ']) expect(message).toContain(path);
  });

  it('says what is wrong with a file that is no record at all', () => {
    expect(errorOf('').message).toContain('actual an empty file');
    expect(errorOf('{').message).toContain('expected JSON');
    expect(errorOf('[]').message).toContain('(root): ');
  });

  it('refuses a time that is not a number and a digest that is none', () => {
    const record = sampleRecord('passing');
    record.durationMs = Number.NaN;
    record.runbook.sha256 = 'abc';
    expect(errorOf(JSON.stringify(record)).message).toMatch(/runbook\.sha256: expected a sha256 in hex.*durationMs: /);
  });

  it('ignores members of a later minor version', () => {
    const record = { ...sampleRecord('passing'), weather: 'fine' };
    expect(parseRecord(JSON.stringify(record), 'drill.json')).toEqual(sampleRecord('passing'));
  });
});
