import { AssertionError } from 'node:assert';
import { expect, test } from 'vitest';
import { DrillError } from '../domain/drill-error.ts';
import { asAllureTells } from './allure.ts';

const judged = (what: string): DrillError =>
  new DrillError({ code: 'finding-failed', what, expected: '2', actual: '1' });

test('a check that failed is an assertion, with the words of its error', () => {
  const error = judged('integrity.rows fail, integrity.content inconclusive');
  expect(asAllureTells(error)).toBeInstanceOf(AssertionError);
  expect(asAllureTells(error).message).toBe(error.message);
});

test.for([
  ['an inconclusive check', judged('search.failures inconclusive')],
  ['a step that could not be done', new DrillError({ code: 'internal', what: 'the restore fail' })],
  ['any other error', new Error('x fail')],
] as const)('%s stays what it is', ([, error]) => {
  expect(asAllureTells(error)).toBe(error);
});
