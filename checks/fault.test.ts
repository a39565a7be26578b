import { expect, test } from 'vitest';
import { judgeFault } from './fault.ts';

const bitten = { question: 'Does it run?', expected: 'no', actual: 'no', bitten: true };
const spared = { question: 'Is its data there?', expected: 'no', actual: 'yes', bitten: false };

test('fault.bites passes when every answer shows the damage', () => {
  expect(judgeFault([bitten]).verdict).toBe('pass');
});

test('fault.bites is inconclusive when one answer shows no damage, and names it', () => {
  const finding = judgeFault([bitten, spared]);
  expect(finding).toMatchObject({ check: 'fault.bites', verdict: 'inconclusive' });
  expect(finding.actual).toContain('Is its data there? yes');
});

test('fault.bites is inconclusive when nothing was asked', () => {
  expect(judgeFault([]).verdict).toBe('inconclusive');
});
