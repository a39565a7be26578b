import { expect, test } from 'vitest';
import { judgeLostBytes, judgeObjectRows, judgeObjects, type ObjectsObservation } from './objects.ts';

const whole: ObjectsObservation = {
  objects: 3,
  sizeBytes: 30,
  missing: [],
  changed: [],
  properties: [],
  propertiesCompared: 3,
  buckets: 2,
  bucketDifferences: [],
};

function verdicts(observation: Partial<ObjectsObservation>): Record<string, string> {
  return Object.fromEntries(judgeObjects({ ...whole, ...observation }).map(({ check, verdict }) => [check, verdict]));
}

const green = { 'objects.content': 'pass', 'objects.metadata': 'pass', 'objects.versioning': 'pass' };

test('a store that is as expected passes', () => expect(verdicts({})).toEqual(green));

test.for([
  ['a missing object', { missing: ['a/1'] }, 'objects.content'],
  ['a changed object', { changed: ['a/1'] }, 'objects.content'],
  ['no object at all', { objects: 0 }, 'objects.content'],
  ['a lost content type', { properties: ['a/1: content type'] }, 'objects.metadata'],
  ['versioning that is off', { bucketDifferences: ['a: versioning is Off, expected Enabled'] }, 'objects.versioning'],
  ['no bucket at all', { buckets: 0 }, 'objects.versioning'],
] as const)('%s turns its own check red', ([, observation, check]) => {
  expect(verdicts(observation)).toEqual({ ...green, [check]: 'fail' });
});

test('objects.metadata: 0 of 0 compared is no pass', () => {
  expect(verdicts({ propertiesCompared: 0 })).toEqual({ ...green, 'objects.metadata': 'inconclusive' });
});

test('what is lost is named, at most twenty of them', () => {
  const missing = Array.from({ length: 30 }, (_, index) => `a/${index}`);
  const [content] = judgeObjects({ ...whole, missing, changed: ['b/1'] });
  expect(content).toMatchObject({ actual: '30 missing, 1 with other bytes' });
  expect(content?.evidence?.[0]).toBe('a/0 is missing');
  expect(content?.evidence).toHaveLength(20);
});

test('objects.rows: rows that name other bytes fail, younger ones are counted, none compared proves nothing', () => {
  const rows = { rows: 5, compared: 4, differing: [], younger: 1 };
  expect(judgeObjectRows(rows)).toMatchObject({ verdict: 'pass', actual: expect.stringContaining('1 younger') });
  expect(judgeObjectRows({ ...rows, differing: ['a/1'] })).toMatchObject({
    check: 'objects.rows',
    verdict: 'fail',
    evidence: ['a/1'],
  });
  expect(judgeObjectRows({ ...rows, compared: 0 }).verdict).toBe('fail');
});

test('lost bytes are counted and their objects named', () => {
  const lost = { lostObjects: 2, lostBytes: 1_500, bytesRestored: 0, names: ['a/1', 'a/2'] };
  const judged = judgeLostBytes(lost);
  expect(judged).toMatchObject({ check: 'objects.bytes', verdict: 'fail', evidence: ['a/1', 'a/2'] });
  expect(judged.actual).toContain('1,500 bytes of 2 objects lost');
  expect(judgeLostBytes({ ...lost, lostObjects: 0, lostBytes: 0, bytesRestored: 9 }).verdict).toBe('pass');
  expect(judgeLostBytes({ ...lost, lostObjects: 0, lostBytes: 0 }), 'none of none').toMatchObject({
    verdict: 'inconclusive',
  });
});
