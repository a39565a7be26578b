import { expect, test } from 'vitest';
import { withLoss } from './reconcile-loss.ts';

test('what is lost with the recovery point is accepted beside what the runbook accepts, and nothing else', () => {
  expect(
    withLoss({ orphan: 2, stale: 1 }, [
      { dangling: 3, stale: 0 },
      { dangling: 1, stale: 2 },
    ]),
  ).toEqual({
    orphan: 2,
    dangling: 4,
    stale: 3,
  });
  expect(withLoss({}, [])).toEqual({ dangling: 0, stale: 0 });
});
