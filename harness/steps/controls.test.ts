import { expect, test } from 'vitest';
import type { Finding } from '../../domain/finding.ts';
import type { Control } from '../definition.ts';
import { judgeControl } from './controls.ts';

const control: Control = {
  name: 'row-missing',
  title: 'A row is missing',
  expectedCheck: 'integrity.rows',
  expectedVerdict: 'fail',
  alsoRed: ['integrity.content'],
  verify: async () => [],
  sabotage: {},
};
const red = (check: string, verdict: Finding['verdict'] = 'fail'): Finding => ({
  check,
  verdict,
  expected: '1',
  actual: '0',
});

test('caught when the expected check is red, also with its known companions', () => {
  expect(judgeControl(control, [red('integrity.rows'), red('search.content', 'pass')])).toMatchObject({
    caught: true,
    caughtBy: 'integrity.rows',
  });
  expect(judgeControl(control, [red('integrity.content'), red('integrity.rows')]).caught).toBe(true);
});

test('not caught when everything is green', () => {
  const outcome = judgeControl(control, [red('integrity.rows', 'pass')]);
  expect(outcome.caught).toBe(false);
  expect(outcome).not.toHaveProperty('caughtBy');
});

test('not caught when another check turned red in its place, and that one is named', () => {
  expect(judgeControl(control, [red('integrity.content')])).toMatchObject({
    caught: false,
    caughtBy: 'integrity.content',
  });
});

test('not caught when a check turned red that has nothing to do with it', () => {
  const outcome = judgeControl(control, [red('integrity.rows'), red('smoke.latency')]);
  expect(outcome.caught).toBe(false);
  expect(outcome.detail).toContain('also red: smoke.latency');
});

test('not caught when the verdict is another than expected', () => {
  expect(judgeControl(control, [red('integrity.rows', 'inconclusive')]).caught).toBe(false);
});
