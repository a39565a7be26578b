import { describe, expect, test } from 'vitest';
import { judgeSearchContent } from './search.ts';

const expected = new Map([
  ['1', 'a'],
  ['2', 'b'],
]);

describe('search.content', () => {
  test('passes when every document has the content of the database', () => {
    expect(judgeSearchContent([{ index: 'things', expected, actual: new Map(expected) }]).verdict).toBe('pass');
  });

  test.for([
    ['a missing document', new Map([['1', 'a']]), 'things/2 is missing'],
    ['a stale document', new Map([...expected, ['2', 'old']]), 'things/2 is stale'],
    ['a surplus document', new Map([...expected, ['3', 'c']]), 'things/3 is not in the database'],
  ] as const)('is red for %s', ([, actual, evidence]) => {
    const finding = judgeSearchContent([{ index: 'things', expected, actual }]);
    expect(finding).toMatchObject({ check: 'search.content', verdict: 'fail', evidence: [evidence] });
  });

  test('is red when nothing is expected: an empty index proves nothing', () => {
    expect(judgeSearchContent([]).verdict).toBe('fail');
    expect(judgeSearchContent([{ index: 'things', expected: new Map(), actual: new Map() }]).verdict).toBe('fail');
  });
});
