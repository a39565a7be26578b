import { expect, test } from 'vitest';
import { judgeKeepsVersions, judgeNewerKept, judgeScope, judgeVersionsRestored } from './object-versions.ts';

test.for([
  ['all keep versions', [{ bucket: 'a', versioning: 'Enabled' }], 'pass'],
  [
    'one is suspended',
    [
      { bucket: 'a', versioning: 'Enabled' },
      { bucket: 'b', versioning: 'Suspended' },
    ],
    'fail',
  ],
  ['one never kept any', [{ bucket: 'a', versioning: 'Off' }], 'fail'],
  ['there is none', [], 'fail'],
] as const)('buckets where %s', ([, buckets, verdict]) => {
  expect(judgeKeepsVersions(buckets)).toMatchObject({ check: 'objects.keeps-versions', verdict });
});

test('a bucket without versions is said to leave nothing to restore from', () => {
  expect(judgeKeepsVersions([{ bucket: 'a', versioning: 'Off' }]).actual).toBe('nothing to restore from: a Off');
});

test('a scope must be exactly what was hit', () => {
  expect(judgeScope({ hit: ['a/1', 'a/2'], found: ['a/2', 'a/1'] }).verdict).toBe('pass');
  expect(judgeScope({ hit: ['a/1', 'a/2'], found: ['a/1', 'a/3'] })).toMatchObject({
    check: 'objects.scope',
    verdict: 'fail',
    evidence: ['a/2 was hit and not found', 'a/3 was found and not hit'],
  });
  expect(judgeScope({ hit: [], found: [] }).verdict).toBe('fail');
});

test('lost objects are named with their reason; all others must be accounted for', () => {
  const restored = { damaged: 4, copied: 2, undeleted: 1, kept: 1, lost: [] };
  expect(judgeVersionsRestored(restored).verdict).toBe('pass');
  const lost = [{ name: 'a/1', reason: 'no version is left' }];
  expect(judgeVersionsRestored({ ...restored, copied: 1, lost })).toMatchObject({
    verdict: 'fail',
    evidence: ['a/1 is lost: no version is left'],
  });
  expect(judgeVersionsRestored({ ...restored, copied: 1 }).verdict).toBe('fail');
  expect(judgeVersionsRestored({ damaged: 0, copied: 0, undeleted: 0, kept: 0, lost: [] }).verdict).toBe('fail');
});

test('what was written after the damage must be as it was written', () => {
  expect(judgeNewerKept({ newer: 2, changed: [] }).verdict).toBe('pass');
  expect(judgeNewerKept({ newer: 2, changed: ['a/1'] })).toMatchObject({ verdict: 'fail', evidence: ['a/1'] });
  expect(judgeNewerKept({ newer: 0, changed: [] }).verdict).toBe('fail');
});
