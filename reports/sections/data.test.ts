import { expect, it } from 'vitest';
import type { DrillRecord } from '../../domain/record.ts';
import { sampleRecord } from '../sample-records.test-data.ts';
import { maskingSection } from './data.ts';

type LargeObjects = NonNullable<NonNullable<DrillRecord['masking']>['largeObjects']>;

it.for<[LargeObjects, string]>([
  [{ objects: 1200, rule: { kind: 'drop' } }, '1,200 left out of the copy'],
  [{ objects: 2, rule: { kind: 'keep', reason: 'public pictures' } }, '2 kept as they are: public pictures'],
  [{ objects: 3, rule: { kind: 'replace', text: 'none' } }, '3 kept, the content of each replaced by “none”'],
  [{ objects: 0, rule: { kind: 'drop' } }, 'none in the database'],
])('tells what became of large objects: %j', ([largeObjects, words]) => {
  const record = sampleRecord('passing');
  if (!record.masking) throw new Error('the sample has no masked copy');
  expect(JSON.stringify(maskingSection(record))).not.toContain('Large objects');
  const section = maskingSection({ ...record, masking: { ...record.masking, largeObjects } });
  expect(JSON.stringify(section)).toContain(JSON.stringify(words).slice(1, -1));
});
