import { describe, expect, test } from 'vitest';
import { judgeFoundDespiteHealth, judgeSearchImpact, type SearchImpact } from './search-impact.ts';

const works = { uid: 'things', givesDocument: true, givesHit: true };
const gone = { uid: 'things', givesDocument: false, givesHit: false };
const damaged: SearchImpact = { health: 'available', indexes: [gone] };

describe('search.impact', () => {
  test.for<[string, SearchImpact]>([
    ['a server that does not answer', { health: 'no answer', indexes: [gone] }],
    ['one that is healthy and gives nothing', damaged],
    ['one index of two', { health: 'available', indexes: [works, gone] }],
    ['documents without hits', { health: 'available', indexes: [{ ...works, givesHit: false }] }],
  ])('passes for %s', ([, impact]) => expect(judgeSearchImpact(impact).verdict).toBe('pass'));

  test.for<[string, SearchImpact]>([
    ['every index answers', { health: 'available', indexes: [works] }],
    ['there is no index to ask', { health: 'no answer', indexes: [] }],
  ])('is inconclusive when %s', ([, impact]) =>
    expect(judgeSearchImpact(impact)).toMatchObject({ check: 'search.impact', verdict: 'inconclusive' }),
  );
});

describe('search.found-despite-health', () => {
  const probe = { name: 'query', isRed: true };

  test('passes when health is green, content gone and the probe red', () => {
    const { verdict, actual } = judgeFoundDespiteHealth({ impact: damaged, probe });
    expect(verdict).toBe('pass');
    expect(actual).toBe('health: available; things gives no document and no hit; the probe query red');
  });

  test.for<[string, SearchImpact, boolean]>([
    ['the health was red', { ...damaged, health: 'no answer' }, true],
    ['the index still answered', { health: 'available', indexes: [works] }, true],
    ['the probe stayed green', damaged, false],
    ['no index was asked', { health: 'available', indexes: [] }, true],
  ])('is inconclusive when %s', ([, impact, isRed]) =>
    expect(judgeFoundDespiteHealth({ impact, probe: { ...probe, isRed } })).toMatchObject({
      check: 'search.found-despite-health',
      verdict: 'inconclusive',
    }),
  );
});
