import { expect, test } from 'vitest';
import { isRed, mergeVerdicts } from './verdict.ts';

test.for([
  [['pass', 'pass'], 'pass'],
  [['pass', 'inconclusive'], 'inconclusive'],
  [['inconclusive', 'fail', 'pass'], 'fail'],
  [['fail', 'inconclusive'], 'fail'],
  [[], 'inconclusive'],
  [['not-applicable', 'pass'], 'pass'],
  [['not-applicable', 'fail'], 'fail'],
  [['not-applicable', 'not-applicable'], 'inconclusive'],
] as const)('%j merge to %s', ([verdicts, merged]) => {
  expect(mergeVerdicts(verdicts)).toBe(merged);
});

test('what is not applicable is neither red nor passed', () => {
  expect((['fail', 'inconclusive', 'pass', 'not-applicable'] as const).filter(isRed)).toEqual(['fail', 'inconclusive']);
});
