import { expect, test } from 'vitest';
import { mergeVerdicts } from './verdict.ts';

test.for([
  [['pass', 'pass'], 'pass'],
  [['pass', 'inconclusive'], 'inconclusive'],
  [['inconclusive', 'fail', 'pass'], 'fail'],
  [['fail', 'inconclusive'], 'fail'],
  [[], 'inconclusive'],
] as const)('%j merge to %s', ([verdicts, merged]) => {
  expect(mergeVerdicts(verdicts)).toBe(merged);
});
