import { expect, test } from 'vitest';
import { skipsIn } from './skips.ts';

type Parent = Parameters<typeof skipsIn>[0];

const testCase = (fullName: string, state: string, note?: string) => ({
  type: 'test',
  fullName,
  result: () => ({ state, note }),
});
const suite = (fullName: string, mode: string, children: unknown[]) => ({
  type: 'suite',
  fullName,
  options: { mode },
  children,
});
/** What vitest gives, as far as the reporter looks at it. */
const module = (...children: unknown[]) => ({ children }) as unknown as Parent;

test('each skipped test is named with its reason, and a skipped suite once for all in it', () => {
  const skips = skipsIn(
    module(
      testCase('passes', 'passed'),
      testCase('waits (skipped: no engine)', 'skipped'),
      testCase('gave up', 'skipped', 'there is no lock'),
      suite('container (skipped: no engine)', 'skip', [testCase('container > one', 'skipped')]),
      suite('binary', 'run', [testCase('binary > one', 'passed'), testCase('binary > two', 'skipped', 'no root')]),
    ),
  );
  expect(skips).toEqual([
    'waits (skipped: no engine)',
    'gave up: there is no lock',
    'container (skipped: no engine)',
    'binary > two: no root',
  ]);
});
